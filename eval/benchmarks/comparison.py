"""Dateline's answers beside peers': `python -m eval.benchmarks.comparison MODEL.gguf [FOLDER]`.

Every ninth gold question is asked of each system, over the same articles, with the same encoder's weights; the peers
write by the same chat model, run by llama.cpp, and by their own prompts. Scored as `dateline eval` scores. Writes
`docs/comparison.md`. FOLDER is the peers' environment (see `eval.benchmarks.peers`).
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.answer import Answer, Citation
from assistant.settings import load_settings
from eval import gold_set
from eval.benchmarks.peer_answers import GENERATORS
from eval.benchmarks.peers import environment, run
from eval.command import ARTICLES, GOLD
from eval.gold import GoldQuestion
from eval.report_markdown import figure, table
from eval.runner import QuestionResult
from eval.runner import run as ask_all
from eval.scorecard import Scorecard, scorecard
from eval.scores import Observation, Reference, score
from eval.subject import temporary_assistant
from index.embedding import PackagedEmbedder
from index.passage import Hit, Passage

_ROOT = Path(__file__).parents[2]
_EVERY = 9  # of the questions
_SOURCES = 3
_DONT_KNOW = re.compile(
    r"\b(?:do(?:es)? not|don['’]t|doesn['’]t|not|no) (?:know|say|mention|provide|specif|state|information|contain)\w*|"
    r"\b(?:cannot|can['’]t|unable to) (?:answer|determine|find)",
    re.IGNORECASE,
)
_SHOWN = (
    "success@1", "success@5", "mrr@10", "f1", "contained", "citation_resolves", "citation_right", "joint",
    "abstain_recall", "false_refusal", "crag", "latency_p50_ms",
)  # fmt: skip


def peer_answer(question: str, made: Mapping[str, Any], texts: Mapping[str, str], text: str | None) -> Answer:
    """A peer's answer in our shape: its sources are the passages that it was written from, whole.

    Args:
        question: What was asked.
        made: What `eval.benchmarks.peer_answers` gave.
        texts: The articles' texts by id.
        text: What was answered; None for the first passage itself.
    """
    placed = [_placed(article, found, texts) for article, found in made["passages"]]
    hits = [Hit(passage, 1 / rank, rank) for rank, passage in enumerate(placed, start=1)]
    sources = [hit.passage for hit in hits[: 1 if text is None else _SOURCES]]
    is_refusal = not hits if text is None else not text or _DONT_KNOW.search(text) is not None
    text = hits[0].passage.text if text is None and hits else text or ""
    if is_refusal:
        return Answer(question, text, abstained=True, confidence=0.0, hits=tuple(hits))
    citations = tuple(
        Citation(n, p.article_id, "", None, None, None, p.text, p.start, p.end, 0, len(text), False, 1.0)
        for n, p in enumerate(sources, start=1)
    )
    return Answer(question, text, abstained=False, confidence=1.0, citations=citations, hits=tuple(hits))


def _placed(article_id: str, found: str, texts: Mapping[str, str]) -> Passage:
    """A peer's passage, where it stands in its article; peers do not tell, so its first occurrence."""
    text = texts.get(article_id, "")
    start = text.find(found)
    if start < 0:  # the first passage begins with the headline
        found = found.split("\n\n", 1)[-1]
        start = text.find(found)
    return Passage(f"{article_id}-{found[:80]}", article_id, found, start, start + len(found))


def _scored(questions: Sequence[GoldQuestion], observed: Sequence[Observation], reference: Reference) -> Scorecard:
    results = [
        QuestionResult(question, seen, score(question, seen, reference))
        for question, seen in zip(questions, observed, strict=True)
    ]
    return scorecard([result.scores for result in results], [question.about for question in questions])


def compare(model: Path, python: Path) -> dict[str, Scorecard]:
    """Ask every system, and score what it answered."""
    loaded = gold_set.load(GOLD, ARTICLES, "native")
    questions = [question for question in loaded.questions if not question.history][::_EVERY]
    texts = {article.id: article.text for article in loaded.articles}
    reference = Reference(texts.get)
    with temporary_assistant(loaded.articles, load_settings()) as subject:
        ours = list(ask_all(questions, subject.system, Reference(subject.reference.article_text)))
    cards = {"Dateline": scorecard([r.scores for r in ours], [question.about for question in questions])}
    given = {
        "articles": [{"id": article.id, "title": article.title, "text": article.text} for article in loaded.articles],
        "questions": [question.question for question in questions],
        "model": str(PackagedEmbedder().folder),
        "chat_model": str(model),
    }
    with TemporaryDirectory() as scratch:
        data = Path(scratch) / "given.json"
        data.write_text(json.dumps(given), encoding="utf-8")
        for name in GENERATORS:
            made = run(python, name, Path(scratch) / name, data, "eval.benchmarks.peer_answers")
            pairs = list(zip(questions, made, strict=True))
            written = [
                Observation(peer_answer(q.question, m, texts, m["answer"]), latency_ms=1000 * m["answer_s"])
                for q, m in pairs
            ]
            copied = [
                Observation(peer_answer(q.question, m, texts, None), latency_ms=1000 * m["search_s"]) for q, m in pairs
            ]
            cards[f"{name}, chat model"] = _scored(questions, written, reference)
            cards[f"{name}, first passage"] = _scored(questions, copied, reference)
    return cards


def page(cards: Mapping[str, Scorecard], model: Path) -> str:
    """The page of `docs/comparison.md`."""
    asked = cards["Dateline"]
    rows = [
        [f"`{name}`", *(figure(name, card[name], interval=name == "joint") for card in cards.values())]
        for name in _SHOWN
    ]
    return f"""# Beside peers

Made by `python -m eval.benchmarks.comparison {model.name}` on two cores:
{asked["error_rate"].n} gold questions ({asked["joint"].n} with an answer), the sample articles, the same encoder's
weights for all. The peers write by the same chat model, run by llama.cpp, from their three best passages and by the
prompt of their own documentation; beside it what they do without a model, the first passage found. Dateline answers by
its reader, without a chat model. The metrics are those of `dateline eval` ([what they are](../eval/metrics/names.py)).

{table(["metric", *cards], rows)}

So small a chat model writes badly, and a larger one would write better; it is what answers within seconds on two cores.

What each could not do:

- **LangChain + Chroma, Haystack, txtai, LlamaIndex**: none tells where in an article a passage stands. What they cite
  is whole passages, looked up here by their first occurrence, and right where one of the three is from a right article
  and holds the answer. None checks that what was written is in them, and none has a confidence: they refuse only where
  the model says so.
- **txtai** gives ids of passages and not of articles; they were named after these. Its passages are paragraphs, short
  enough that the first one can count as an answer; a longer passage cannot (50 words at most).
- **verbatim-rag** asks for packages that cannot be installed beside these, **haiku.rag** for Python 3.12: neither ran.

How fast each finds passages, and what it costs to add articles: `python -m eval.benchmarks.peers`.
"""


def main(model: Path, folder: Path) -> None:
    """Compare, and write the page."""
    cards = compare(model, environment(folder))
    (_ROOT / "docs" / "comparison.md").write_text(page(cards, model), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]) if sys.argv[2:] else _ROOT / "build" / "peers")
