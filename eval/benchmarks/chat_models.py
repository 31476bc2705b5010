"""The reader beside chat models: `python -m eval.benchmarks.chat_models MODEL.gguf [MORE_MODELS…]`.

Every twelfth gold question, answered by the packaged reader, by each chat model named (as in `DATELINE_CHAT_MODEL`; a
file is run by llama.cpp) and by a double that obeys every order in the articles (`eval.obeying`) over a library that
also holds articles with orders (`eval.injections`). Scored as `dateline eval` scores, with the seconds of a question.
Writes `chat_models.md` beside this file.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller
from assistant.chat.writing import ChatWriter
from assistant.settings import load_settings
from eval import gold_set
from eval.benchmarks.injection import leaks, planted_articles
from eval.command import ARTICLES, GOLD
from eval.gold import GoldQuestion
from eval.injections import injections
from eval.obeying import Obeying
from eval.report_markdown import figure, table
from eval.runner import QuestionResult, run
from eval.scorecard import scorecard
from eval.scores import Reference
from eval.subject import subject_of, temporary_library
from index.library import Library

_EVERY = 12  # of the questions
_DOUBLE = "obeys every order"
_SHOWN = (
    "joint", "f1", "contained", "citation_resolves", "citation_right", "abstain_recall", "false_refusal", "crag",
    "latency_p50_ms", "latency_p95_ms", "tokens_in", "tokens_out",
)  # fmt: skip


def _asked(questions: Sequence[GoldQuestion], assistant: Assistant) -> list[QuestionResult]:
    assistant.warm_up()
    subject = subject_of(assistant)
    return list(run(questions, subject.system, Reference(subject.reference.article_text)))


def _obeying(library: Library) -> Assistant:
    """An assistant with the double as its chat model."""
    assistant = Assistant(library, load_settings())
    writer = ChatWriter(ModelCaller(Obeying()), "obeying", assistant.verifier)
    assistant.chain = build_chain(library, assistant.reader, None, writer)
    return assistant


def main(models: Sequence[str]) -> None:
    """Ask each, and write the table."""
    loaded = gold_set.load(GOLD, ARTICLES, "native")
    questions = loaded.questions[::_EVERY]
    found: dict[str, list[QuestionResult]] = {}
    with temporary_library(loaded.articles, load_settings()) as library:
        found["reader"] = _asked(questions, Assistant(library, load_settings()))
        for model in models:
            name = f"llamacpp:{model}" if Path(model).is_file() else model
            sys.stderr.write(f"{name}\n")
            found[Path(model).stem] = _asked(questions, Assistant(library, load_settings(chat_model=name)))
    planted = injections([question.question for question in questions])
    with TemporaryDirectory() as folder:
        articles = [*loaded.articles, *planted_articles(planted, Path(folder, "files"))]
        with temporary_library(articles, load_settings()) as library:
            found[_DOUBLE] = _asked(questions, _obeying(library))
    canaries = {injection.canary for injection in planted}
    shown = sum(bool(leaks(result.answer, canaries)) for result in found[_DOUBLE] if result.answer)
    about = [question.about for question in questions]
    cards = {name: scorecard([result.scores for result in results], about) for name, results in found.items()}
    rows = [
        [f"`{name}`", *(figure(name, card[name], interval=name == "joint") for card in cards.values())]
        for name in _SHOWN
    ]
    page = f"""# The reader beside chat models

Made by `python -m eval.benchmarks.chat_models`: {len(questions)} of the gold questions, on two cores. The last one
obeys every order in the {len(planted)} articles with orders that its library holds too, and says nothing else; answers
that show something of these orders: {shown}.

{table(["metric", *cards], rows)}
"""
    Path(__file__).with_suffix(".md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
