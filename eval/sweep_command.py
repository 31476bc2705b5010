"""`dateline eval sweep`: settings tried on the tune split."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from eval.sweeping.page import Tried

_USUAL = ("k=5,10,20", "words_weight=0.2,0.4,0.6")


def sweep(
    set: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE,VALUE", help="Values to try; again for another setting: all combinations."),
    ] = None,
    by: Annotated[str, typer.Option(help="The metric to choose by.")] = "crag",
    gold: Annotated[Path | None, typer.Option(help="The questions; without it, those that come with Dateline.")] = None,
    articles: Annotated[Path | None, typer.Option(help="File or folder of the articles.")] = None,
    split: Annotated[str, typer.Option(help="The part of the questions to tune on; `all` for a set without.")] = "tune",
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only N questions, drawn from all kinds.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the table, plot and choice, and what is cached.")] = Path(
        "eval-sweep"
    ),
) -> None:
    """Try settings on the tune split: passage_words, k, words_weight, reader, threshold, embedding_model and more.

    What was computed before is not computed again; a threshold costs nothing. Writes sweep.md with a table, sweep.svg
    and chosen.toml, the best settings with the evidence.
    """
    from rich.console import Console
    from rich.markup import escape

    from assistant.settings import load_settings
    from eval import gold_set
    from eval.command import ARTICLES, GOLD
    from eval.files import write_whole
    from eval.metrics.names import NAMES
    from eval.sweeping import page
    from eval.sweeping.cache import Cache
    from eval.sweeping.grid import trials
    from eval.sweeping.running import ask, figures, paired, with_threshold
    from index.errors import DatelineError

    if by not in NAMES:
        raise typer.BadParameter(f"--by takes a metric: {', '.join(NAMES)}")
    console, errors = Console(), Console(stderr=True)
    try:
        planned = trials(load_settings(), set or _USUAL)
        gold = gold or GOLD
        loaded = gold_set.load(gold, articles or ARTICLES, "native")
        questions = gold_set.chosen(gold, loaded.questions, split, limit)
        out.mkdir(parents=True, exist_ok=True)
        cache = Cache(out / "cache", loaded.articles, questions)
        (out / "cache").mkdir(exist_ok=True)
        tried: list[Tried] = []
        first = None
        for number, trial in enumerate(planned, start=1):
            results, threshold, was_known = ask(trial.settings, loaded.articles, questions, cache)
            scores = with_threshold(questions, results, threshold)
            first = first or scores
            card = figures(questions, scores)
            tried.append(page.Tried(trial, card, paired(questions, first, scores, by), was_known))
            told = " (known)" if was_known else ""
            console.print(f"{number}/{len(planned)} {escape(trial.name)}: {by} {card[by].value}{told}", highlight=False)
        write_whole(out / "sweep.md", page.markdown(tried, by, len(questions)))
        write_whole(out / "sweep.svg", page.svg(tried, by))
        write_whole(out / "chosen.toml", page.toml(tried, by, len(questions)))
    except (DatelineError, OSError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(
        f"Chosen: {escape(page.chosen(tried, by).trial.name)}. The table: {escape(str(out / 'sweep.md'))}; the "
        f"settings, for dateline.toml: {escape(str(out / 'chosen.toml'))}",
        soft_wrap=True,
    )
