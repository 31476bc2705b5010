"""Metrics of what was cited, and of answer and citation together."""

from collections.abc import Callable, Collection, Sequence

from assistant.answer import Answer, Citation
from eval.matching import holds_any, words
from eval.metrics.retrieval import ArticleText
from index.sentences import sentences

JOINT_WORDS = 50
"""The longest answer, in words, that can be jointly right: a copied passage is no answer."""

Entails = Callable[[str, str, str], bool]
"""Tells whether quotes (first) bear out a statement (second) that answers a question (third)."""


def says_so(quotes: str, statement: str, question: str) -> bool:
    """The entailment check where no model is named: every word of the statement is in the quotes or the question.

    Strict with words and blind to their order: it suits answers that are taken from the quotes.
    """
    said = set(words(statement))
    return bool(said) and said <= set(words(quotes)) | set(words(question)) and bool(said & set(words(quotes)))


def resolves(citation: Citation, article_text: ArticleText) -> bool:
    """Tell whether `article.text[start:end] == quote`, to the letter.

    `citation_resolves` = 1 if all citations of an answer do, else 0; eligible are the answers with citations.
    """
    text = article_text(citation.article_id)
    return (
        text is not None
        and 0 <= citation.start <= citation.end
        and text[citation.start : citation.end] == citation.quote
    )


def supports(
    citation: Citation, answers: Sequence[str], right_articles: Collection[str], article_text: ArticleText
) -> bool:
    """Tell whether a citation is right: its quote stands in a right article and holds an accepted answer.

    A quote that does not resolve supports nothing. `citation_right` = 1 if any citation of the answer is right.
    """
    return (
        citation.article_id in right_articles
        and resolves(citation, article_text)
        and holds_any(citation.quote, answers)
    )


def attribution(answer: Answer, entails: Entails = says_so) -> tuple[float, float | None]:
    """Citation recall and precision as in ALCE (Gao et al. 2023, section 4).

    The statements are the sentences of the answer, each with the citations whose range in the answer touches it.

    - recall = statements that their quotes together bear out / statements.
    - precision = citations that are needed / citations, over all statements. One is needed where the statement is
      borne out, and either it does so alone or the others do not without it.

    Args:
        answer: An answer that is no refusal.
        entails: What decides.

    Returns:
        Recall and precision, each 0 to 1; precision is None without citations.
    """
    borne_out, needed, cited = 0, 0, 0
    spans = sentences(answer.text) or [(0, len(answer.text))]
    for start, end in spans:
        statement = answer.text[start:end]
        quotes = [c.quote for c in answer.citations if c.answer_start < min(c.answer_end, end) and c.answer_end > start]
        cited += len(quotes)
        if not quotes or not entails(" ".join(quotes), statement, answer.question):
            continue
        borne_out += 1
        for place, quote in enumerate(quotes):
            others = " ".join(quotes[:place] + quotes[place + 1 :])
            needed += entails(quote, statement, answer.question) or not entails(others, statement, answer.question)
    return borne_out / len(spans), needed / cited if cited else None


def joint(text: str, answers: Sequence[str], citation_right: bool) -> float:
    """1 if the citation is right and an accepted answer stands in a text of at most `JOINT_WORDS` words, else 0.

    Answer and evidence must be right together, as in KILT (Petroni et al. 2021); the limit of length keeps an answerer
    that copies passages from scoring. Words are counted between white space.
    """
    return float(citation_right and len(text.split()) <= JOINT_WORDS and holds_any(text, answers))
