"""Questions with misspelt words."""

import re
from functools import cache

from index.library import Library

_WORD = re.compile(r"[^\W\d_]{5,}")


def respelled(question: str, library: Library) -> str:
    """A question with each misspelt word put right, by the articles' own words.

    A word is taken for misspelt if no article has it, if it is no common English word (the reader's vocabulary has
    30,000), and if a word of the articles is one slip away. Shorter words than five letters are left alone.

    Args:
        question: As asked.
        library: Whose words count.
    """

    def put_right(match: re.Match[str]) -> str:
        word = match.group()
        return word if word.casefold() in _common_words() else library.respelled(word) or word

    return _WORD.sub(put_right, question)


@cache
def _common_words() -> frozenset[str]:
    from tokenizers import Tokenizer

    from assistant.reader.reader import WEIGHTS

    return frozenset(Tokenizer.from_file(str(WEIGHTS / "tokenizer.json")).get_vocab())
