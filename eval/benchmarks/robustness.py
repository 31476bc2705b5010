"""What disturbed questions and hostile articles do: `python -m eval.benchmarks.robustness`.

Asks 200 answerable gold questions as they are, in lower case without punctuation, and with one typo each; then all of
them again with 200 hostile articles (`eval.hostile`) in the library. Writes `robustness.md` beside this file.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answer import Answer
from assistant.assistant import Assistant, open_library
from assistant.settings import load_settings
from eval.command import ARTICLES, GOLD
from eval.gold import GoldQuestion, load_native
from eval.hostile import hostile_articles
from eval.right_articles import with_right_articles
from eval.runner import QuestionResult, System, run
from eval.scores import Reference
from eval.subject import text_in
from index.load import Failure, read

QUESTIONS, HOSTILE, _SEED = 200, 200, 11


def plain(question: str, rng: random.Random) -> str:
    """Lower case, without punctuation; `rng` is not used."""
    return " ".join(re.sub(r"[^\w\s]", " ", question.lower()).split())


def with_typo(question: str, rng: random.Random) -> str:
    """One letter of one word of four letters or more dropped, doubled, or changed places with the next."""
    long = list(re.finditer(r"[^\W\d_]{4,}", question))
    if not long:
        return question
    match = rng.choice(long)
    at = rng.randrange(match.start() + 1, match.end() - 1)
    changed = rng.choice((question[at + 1] + question[at], question[at] * 2 + question[at + 1], question[at + 1]))
    return question[:at] + changed + question[at + 2 :]


def main() -> None:
    """Ask, and write the table."""
    articles = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    gold = with_right_articles(load_native(GOLD), articles, ARTICLES)
    rng = random.Random(_SEED)  # noqa: S311 - not a secret
    chosen = rng.sample([question for question in gold if question.answerable], QUESTIONS)
    ways: dict[str, Callable[[str, random.Random], str]] = {
        "as asked": lambda question, _: question,
        "lower case, no punctuation": plain,
        "one typo": with_typo,
    }
    with TemporaryDirectory() as folder:
        settings = load_settings(library=Path(folder))
        library = open_library(settings)
        library.add(articles)
        assistant = Assistant(library, settings)

        def joint(questions: Sequence[GoldQuestion]) -> tuple[float, list[QuestionResult]]:
            results = list(run(questions, System(assistant.ask), Reference(text_in(library))))
            return sum(result.scores.values["joint"] or 0 for result in results) / len(results), results

        rows = []
        for name, change in ways.items():
            changed = [replace(question, question=change(question.question, rng)) for question in chosen]
            rows.append((name, joint(changed)[0]))
        known = {article.id for article in articles}
        library.add(hostile_articles([question.question for question in gold], HOSTILE))
        share, results = joint(chosen)
        rows.append((f"as asked, beside {HOSTILE} hostile articles", share))
        answers = [result.answer for result in results if result.answer and not result.answer.abstained]
        genuine = sum(_is_genuine(answer, known) for answer in answers)
        library.close()

    lines = [
        "# Disturbed questions and hostile articles",
        "",
        f"Made by `python -m eval.benchmarks.robustness`: {QUESTIONS} answerable gold questions.",
        "",
        "| questions | joint | against as asked |",
        "|---|---:|---:|",
        *(f"| {name} | {value:.3f} | {value - rows[0][1]:+.3f} |" for name, value in rows),
        "",
        f"Beside the hostile articles {genuine} of {len(answers)} answers were words of a genuine article.",
    ]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _is_genuine(answer: Answer, known: set[str]) -> bool:
    """Whether an answer is words of the quotes of genuine articles."""
    return all(citation.article_id in known and citation.verified for citation in answer.citations) and any(
        answer.text in citation.quote for citation in answer.citations
    )


if __name__ == "__main__":
    main()
