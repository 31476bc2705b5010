"""Proposing questions: the reader run backwards, or a chat model by a prompt."""

import json
import re
from collections.abc import Callable, Iterator

from assistant.chat.verifying.cloze import clozes
from assistant.chat.verifying.days import take_days
from eval.drafting.candidates import Candidate
from index.article import Article
from index.sentences import sentences

_LEANS = re.compile(
    r"^(?:he|she|it|they|we|i|his|her|its|their|this|that|these|those|there|but|and|so|then|both|another|others)\b",
    re.IGNORECASE,
)
"""A sentence that begins so leans on the one before."""
_WORDS = range(7, 36)
_ODD = re.compile(
    r"^[Ww]ho[,.]|\b(?:[Ww]ho|where|when|many)(?:['’.]|\s[A-Z])|[A-Z][\w’']*\s(?:who|where)\b|\bthe how many"
)
"""A question that asks for a part of a name, or is none."""
_QUOTATION = re.compile(r"“(?P<said>[^”“]{20,160})[,.]”\s+said\s+(?P<who>(?:[A-Z][\w'’-]+\.?\s?){1,4})")


def from_article(article: Article) -> Iterator[Candidate]:
    """Propose questions from names, numbers, dates and quotations: each left out of its sentence, and asked for.

    Of a sentence that stands by itself, and the question is the sentence with the part asked for; of those that begin
    with it the questions read best, and they come first.
    """
    found = []
    for start, end in sentences(article.text):
        sentence = article.text[start:end]
        for match in _QUOTATION.finditer(sentence):
            who = match["who"].strip(" ,.")
            question = f"Who said: “{match['said']}”?"
            found.append((0, Candidate(question, who, article, start, end, "quotation", "reader")))
        is_whole = sentence.endswith(".") and len(sentence.split()) in _WORDS
        if not is_whole or _LEANS.match(sentence) or "“" in sentence or "\n" in sentence:
            continue
        for cloze in clozes(sentence):
            place = sentence.find(cloze.left_out)
            if _ODD.search(cloze.question) or (cloze.is_name and not _is_name(cloze.left_out, article.text)):
                continue
            question = cloze.question[:1].upper() + cloze.question[1:]
            kind = "where" if " where" in f" {cloze.question}" else "who"
            if not cloze.is_name:
                kind = "when" if take_days(cloze.left_out)[0] else "number"
            found.append((place, Candidate(question, cloze.left_out, article, start, end, kind, "reader")))
    yield from (candidate for _, candidate in sorted(found, key=lambda item: item[0]))


def _is_name(words: str, text: str) -> bool:
    """Whether words are written so within a sentence too: what only begins one may be no name."""
    return re.search(rf"[a-z,;] {re.escape(words)}\b", text) is not None


def from_model(article: Article, write: Callable[[str], str], prompt: str, name: str) -> Iterator[Candidate]:
    """Propose questions by a chat model; what is not to the letter is left out.

    Args:
        article: The article.
        write: Gives what the model writes to a prompt.
        prompt: The prompt, filled.
        name: The model's name.
    """
    for line in write(prompt).splitlines():
        try:
            row = json.loads(line.strip().rstrip(","))
            question, answer, quote = (row[field].strip() for field in ("question", "answer", "quote"))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        start = article.text.find(quote)
        if question and answer and start >= 0 and answer in quote:
            yield Candidate(question, answer, article, start, start + len(quote), "what", name)
