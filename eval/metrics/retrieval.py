"""Metrics of what was found, by `ir-measures`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any

from eval.matching import holds_any, words
from index.passage import Hit, Passage

ArticleText = Callable[[str], str | None]
"""The stored text of the article with this id, or None where there is no such article."""

Passages = Callable[[str], Sequence[Passage]]
"""The passages that the article with this id was cut into."""

_EVIDENCE_DEPTH = 10
_QUOTE_SHARE = 0.7
_NAMES = {
    "Success@1": "success@1",
    "Success@5": "success@5",
    "R@5": "recall@5",
    "R@20": "recall@20",
    "RR@10": "mrr@10",
    "nDCG@10": "ndcg@10",
}


def relevant(
    passages: Sequence[Passage], answers: Sequence[str], right_articles: Collection[str], article_text: ArticleText
) -> tuple[bool, ...]:
    """Tell for each passage whether it is relevant.

    A passage is relevant when it is from a right article and holds an accepted answer at word boundaries. Where none
    of the answers stands in the text of any right article (they are worded otherwise there), every passage of a right
    article is.

    Args:
        passages: What to judge.
        answers: The accepted answers.
        right_articles: Ids of the articles that answer the question.
        article_text: Gives an article's stored text.
    """
    literal = any(holds_any(article_text(article_id) or "", answers) for article_id in right_articles)
    return tuple(
        passage.article_id in right_articles and (not literal or holds_any(passage.text, answers))
        for passage in passages
    )


def ranking(found: Iterable[str], relevant_ids: Collection[str]) -> dict[str, float]:
    """The metrics of one question's ranking, by name, as `ir-measures` has them. n is the number of relevant passages.

    - success@k = 1 if any of the first k is relevant, else 0.
    - recall@k = relevant ones among the first k / n. Passages overlap and copies say the same, so n is rarely 1.
    - mrr@10 = 1 / rank of the first relevant one, 0 if none is among the first 10 (Voorhees 1999).
    - ndcg@10 = Σ 1/log₂(rank + 1) over relevant ones among the first 10, over the same sum if they came first
      (Järvelin & Kekäläinen 2002).

    Args:
        found: Ids of what was found, best first.
        relevant_ids: Ids of all that is relevant; with none, every metric is 0.
    """
    run = {identity: -float(rank) for rank, identity in enumerate(dict.fromkeys(found))}
    if not run or not relevant_ids:
        return dict.fromkeys(_NAMES.values(), 0.0)
    import ir_measures

    qrels = {"q": dict.fromkeys(relevant_ids, 1)}
    return {_NAMES[str(m.measure)]: float(m.value) for m in ir_measures.iter_calc(_measures(), qrels, {"q": run})}


@cache
def _measures() -> tuple[Any, ...]:
    import ir_measures

    return tuple(ir_measures.parse_measure(name) for name in _NAMES)


def all_evidence(hits: Sequence[Hit], quotes: Sequence[str], right_articles: Collection[str]) -> float:
    """all_evidence@10 = 1 if each quote that the answer needs is in one of the first 10 passages, else 0.

    Questions across articles need several (recall of all supporting facts in HotpotQA's sense, Yang et al. 2018). A
    passage has a quote when it is from a right article and has 70% of the quote's different words: it may be cut
    through, and copies word it a little otherwise.
    """
    near = [set(words(hit.passage.text)) for hit in hits[:_EVIDENCE_DEPTH] if hit.passage.article_id in right_articles]
    wanted = [set(words(quote)) for quote in quotes]
    return float(all(any(len(quote & said) >= _QUOTE_SHARE * len(quote) for said in near) for quote in wanted))
