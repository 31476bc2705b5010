"""The command line: `dateline eval`. Heavy modules are imported when it runs, so that `--help` stays quick."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from eval.draft_command import draft
from eval.import_command import import_set
from eval.judge_command import judge
from eval.review_command import review
from eval.sweep_command import sweep

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.settings import Settings
    from eval.gold_set import GoldSet
    from eval.metrics.citations import Entails
    from eval.report import Report
    from eval.runner import QuestionResult

GOLD = Path(__file__).parent / "gold.jsonl"
ARTICLES = Path(__file__).parent / "articles"

app = typer.Typer(invoke_without_command=True, no_args_is_help=False)


@app.callback()
def evaluate(
    context: typer.Context,
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
    price: Annotated[
        str | None,
        typer.Option(metavar="IN,OUT", help="What a chat model's million tokens cost, read and written, as 0.5,1.5."),
    ] = None,
    at_once: Annotated[
        int, typer.Option(min=1, help="How many questions to ask at a time; answers stay the same, each takes longer.")
    ] = 1,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("eval-report"),
) -> None:
    """Ask the gold questions and write a report: figures with intervals, beside two baselines.

    The articles are indexed into a temporary library. Ends with 1 where a file cannot be read or a question fails.
    """
    if context.invoked_subcommand is not None:
        return
    from rich.console import Console
    from rich.markup import escape

    from assistant.settings import load_settings
    from eval import gold_set
    from eval.gate import wide_console
    from eval.report import build
    from eval.report_files import write
    from eval.report_views import write_views
    from eval.runner import run, with_similarity
    from eval.subject import temporary_assistant
    from index.errors import DatelineError

    if format == "squad" and gold is None:
        raise typer.BadParameter("--format squad needs --gold FILE")
    prices = _prices(price)
    console, errors = wide_console(), Console(stderr=True)
    try:
        settings = load_settings()
        out.mkdir(parents=True, exist_ok=True)
        gold = gold or GOLD
        loaded = gold_set.load(gold, articles or ARTICLES, format)
        for reason in loaded.unreadable:
            errors.print(f"[yellow]Passed over:[/yellow] {escape(reason)}", soft_wrap=True)
        questions = gold_set.chosen(gold, loaded.questions, split, limit)
        if len(questions) < len(loaded.questions):
            errors.print(f"Asking {len(questions)} of {len(loaded.questions)} questions.")
        with temporary_assistant(loaded.articles, settings, entails=_entails(settings), price=prices) as subject:
            gone = gold_set.gone(questions, subject.reference.article_text)
            if gone:
                errors.print(
                    f"[yellow]{gone} articles that answer questions are not in the library:[/yellow] another one with "
                    "the same address took their place."
                )
            results = list(run(questions, subject.system, subject.reference, k=settings.k, at_once=at_once))
            if subject.embedder:
                results = with_similarity(results, subject.embedder)
            told = _told(
                gold=gold, format=format, split=split, limit=limit, loaded=loaded, settings=settings, results=results
            )
            report = build(results, subject.reference, told)
        write(report, out)
        write_views(report, out)
    except (DatelineError, OSError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(_scorecard(report))
    console.print(f"The report: {escape(str(out / 'report.html'))}, and as Markdown, JSON and JUnit XML beside it.")
    failed = [result for result in results if result.error is not None]
    if failed:
        errors.print(
            f"[red]{len(failed)} questions ended in an error[/red], first {escape(failed[0].question.id)}: "
            f"{escape(failed[0].error or '')}",
            soft_wrap=True,
        )
    if failed or loaded.unreadable:
        raise typer.Exit(1)


def _prices(price: str | None) -> tuple[float, float] | None:
    if price is None:
        return None
    try:
        read, written = (float(part) for part in price.split(","))
    except ValueError:
        raise typer.BadParameter(f"--price takes two numbers, as 0.5,1.5, not {price!r}") from None
    return read, written


def _entails(settings: "Settings") -> "Entails":
    from eval.metrics.citations import says_so

    if settings.nli_model is None:
        return says_so
    from assistant.chat.verifying.nli import Entailment

    model = Entailment(settings.nli_model)
    return lambda quotes, statement, question: model.probability(quotes, f"{question} {statement}") >= 0.5


def _told(
    *,
    gold: Path,
    format: str,
    split: str,
    limit: int | None,
    loaded: "GoldSet",
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
        "articles": len(loaded.articles),
        "unreadable": len(loaded.unreadable),
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


app.command("import")(import_set)
app.command()(draft)
app.command()(review)
app.command()(sweep)
app.command()(judge)

if __name__ == "__main__":
    app()
