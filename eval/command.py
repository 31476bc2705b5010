"""The command line: `dateline eval`. Heavy modules are imported when it runs, so that `--help` stays quick."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.settings import Settings
    from eval.gold import GoldQuestion
    from eval.metrics import ArticleText
    from eval.report import Report
    from eval.runner import Ask, QuestionResult
    from index.article import Article

GOLD = Path(__file__).parent / "gold.jsonl"
ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True)
class Asked:
    """What is evaluated: how to ask it, and the texts that its citations point into."""

    ask: "Ask"
    article_text: "ArticleText"


@dataclass(frozen=True)
class GoldSet:
    """Questions and the articles they are about; `unreadable` are files that were passed over, with the reason."""

    articles: "Sequence[Article]"
    questions: "Sequence[GoldQuestion]"
    unreadable: Sequence[str] = ()


@contextmanager
def temporary_assistant(articles: "Sequence[Article]", settings: "Settings") -> "Iterator[Asked]":
    """Index articles into a temporary library, gone afterwards, and make the assistant that asks it."""
    from tempfile import TemporaryDirectory

    from rich.console import Console
    from rich.progress import Progress

    from assistant.assistant import Assistant, open_library
    from index.errors import UnknownArticleError

    console = Console(stderr=True)
    with TemporaryDirectory(prefix="dateline-eval-", ignore_cleanup_errors=True) as folder:
        library = open_library(settings.model_copy(update={"library": Path(folder), "chroma_url": None}))
        try:
            with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
                task = progress.add_task("Indexing", total=None)
                library.add(articles, lambda done, total: progress.update(task, completed=done, total=total))
            assistant = Assistant(library, settings)
            assistant.warm_up()

            def article_text(article_id: str) -> str | None:
                try:
                    return library.article(article_id).text
                except UnknownArticleError:
                    return None

            yield Asked(assistant.ask, article_text)
        finally:
            library.close()


def evaluate(
    *,
    gold: Annotated[Path | None, typer.Option(help="The questions; without it, those that come with Dateline.")] = None,
    articles: Annotated[
        Path | None, typer.Option(help="File or folder of the articles; not used with --format squad.")
    ] = None,
    format: Annotated[
        Literal["native", "squad"], typer.Option(help="JSON lines of our own, or a SQuAD 1.1/2.0 file.")
    ] = "native",
    split: Annotated[Literal["tune", "test", "all"], typer.Option(help="Which part of the questions to ask.")] = "all",
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask only N questions, drawn from all kinds; always the same ones.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("eval-report"),
) -> None:
    """Ask the gold questions and write a report: figures with intervals, beside two baselines.

    The articles are indexed into a temporary library. Ends with 1 where a file cannot be read or a question fails.
    """
    from rich.console import Console
    from rich.markup import escape

    from assistant.settings import load_settings
    from eval.report import build
    from eval.report_files import write
    from eval.runner import run
    from index.errors import DatelineError

    if format == "squad" and gold is None:
        raise typer.BadParameter("--format squad needs --gold FILE")
    console, errors = Console(), Console(stderr=True)
    try:
        settings = load_settings()
        out.mkdir(parents=True, exist_ok=True)
        gold = gold or GOLD
        gold_set = _load(gold, articles or ARTICLES, format)
        for reason in gold_set.unreadable:
            errors.print(f"[yellow]Passed over:[/yellow] {escape(reason)}", soft_wrap=True)
        questions = _chosen(gold, gold_set.questions, split, limit)
        if len(questions) < len(gold_set.questions):
            errors.print(f"Asking {len(questions)} of {len(gold_set.questions)} questions.")
        with temporary_assistant(gold_set.articles, settings) as asked:
            gone = _gone(questions, asked.article_text)
            if gone:
                errors.print(
                    f"[yellow]{gone} articles that answer questions are not in the library:[/yellow] another one with "
                    "the same address took their place."
                )
            results = list(run(questions, asked.ask, asked.article_text, k=settings.k))
            told = _told(
                gold=gold,
                format=format,
                split=split,
                limit=limit,
                gold_set=gold_set,
                settings=settings,
                results=results,
            )
            report = build(results, asked.article_text, told)
        write(report, out)
    except (DatelineError, OSError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(_scorecard(report))
    console.print(f"The report: {escape(str(out / 'report.md'))}, report.json and results.jsonl beside it.")
    failed = [result for result in results if result.error is not None]
    if failed:
        errors.print(
            f"[red]{len(failed)} questions ended in an error[/red], first {escape(failed[0].question.id)}: "
            f"{escape(failed[0].error or '')}",
            soft_wrap=True,
        )
    if failed or gold_set.unreadable:
        raise typer.Exit(1)


def _load(gold: Path, articles: Path, format: str) -> GoldSet:
    from eval.gold import GoldError, load_native
    from eval.right_articles import with_right_articles
    from eval.squad import load_squad
    from index.article import Article
    from index.load import read

    if format == "squad":
        return GoldSet(*load_squad(gold))
    questions = load_native(gold)
    if not articles.exists():
        raise GoldError(f"{articles} does not exist: give the file or folder of the articles with --articles")
    loaded: list[Article] = []
    unreadable: list[str] = []
    for item in read([articles]):
        if isinstance(item, Article):
            loaded.append(item)
        else:
            unreadable.append(f"{item.path}: {item.reason}")
    folder = articles if articles.is_dir() else articles.parent
    return GoldSet(loaded, with_right_articles(questions, loaded, folder), unreadable)


def _chosen(gold: Path, questions: "Sequence[GoldQuestion]", split: str, limit: int | None) -> "Sequence[GoldQuestion]":
    from eval.gold import GoldError
    from eval.sampling import sample

    chosen = [question for question in questions if split in ("all", question.split)]
    if not chosen:
        raise GoldError(f'{gold} has no question with "split": "{split}"')
    return chosen if limit is None else sample(chosen, limit)


def _gone(questions: "Sequence[GoldQuestion]", article_text: "ArticleText") -> int:
    wanted = {article_id for question in questions for article_id in question.right_articles}
    return sum(article_text(article_id) is None for article_id in wanted)


def _told(
    *,
    gold: Path,
    format: str,
    split: str,
    limit: int | None,
    gold_set: GoldSet,
    settings: "Settings",
    results: "Sequence[QuestionResult]",
) -> Mapping[str, object]:
    """What the report tells of how it was made: nothing of this machine or this moment."""
    from hashlib import sha256

    answers = [result.answer for result in results if result.answer is not None]
    return {
        "gold": gold.name,
        "gold_sha256": sha256(gold.read_bytes()).hexdigest(),
        "format": format,
        "split": split,
        "limit": limit,
        "articles": len(gold_set.articles),
        "unreadable": len(gold_set.unreadable),
        **settings.model_dump(mode="json", exclude={"library", "host", "port"}),
        "answered_by": sorted({answer.answered_by for answer in answers}),
        "index_id": sorted({answer.index_id for answer in answers}),
        "prompt_sha256": sorted({answer.prompt_sha256 for answer in answers if answer.prompt_sha256}),
    }


def _scorecard(report: "Report") -> "Table":
    from rich.table import Table

    from eval.report_markdown import figure

    table = Table(title=f"{len(report.results)} questions")
    for title in ("metric", "value (95% interval)", "n", *(name.replace("_", " ") for name in report.baselines)):
        table.add_column(title, no_wrap=title in ("metric", "value (95% interval)"))
    for name, estimate in report.overall.items():
        others = [figure(name, figures[name], interval=False) for figures in report.baselines.values()]
        table.add_row(name, figure(name, estimate), str(estimate.n), *others)
    return table


if __name__ == "__main__":
    typer.run(evaluate)
