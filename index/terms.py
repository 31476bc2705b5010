"""The terms of a text: its words as the word index and the reader compare them."""

from functools import cache
from typing import Any

from index.scripts import spaced

ANALYZER = "dateline_en"
"""The name under which the word index knows the analyzer."""


@cache
def analyzer() -> Any:
    """The tantivy analyzer: lower case, accents folded, English stop words dropped, English stems.

    It takes text that `index.scripts.spaced` has been over.
    """
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def terms(text: str) -> list[str]:
    """The distinct terms of a text, in order: lower case, stemmed, stop words dropped."""
    return list(dict.fromkeys(analyzer().analyze(spaced(text))))
