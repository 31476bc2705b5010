"""`dateline eval review`: a person looks through candidates, in the terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from eval.drafting.reviews import Review, Reviews


def review(
    candidates: Annotated[
        Path, typer.Argument(help="Of `dateline eval draft`, or of `dateline feedback export`: JSON lines.")
    ],
    reviewer: Annotated[str, typer.Option(help="Your name; accepted questions carry it.")],
    gold: Annotated[Path | None, typer.Option(help="Where accepted ones go; default: gold.jsonl beside.")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write a page to look through them in a browser, and ask nothing here.")
    ] = None,
    decisions: Annotated[Path | None, typer.Option(help="Take in what was decided on such a page.")] = None,
) -> None:
    """Accept, edit or reject candidates, one after another; what is decided is kept, and the next time it goes on.

    A question is accepted that somebody accepted and nobody rejected. Tells how far reviewers agree.
    """
    import json

    from rich.console import Console
    from rich.markup import escape

    from eval.drafting.reviews import Reviews, accepted
    from eval.files import write_whole
    from eval.formats.json_rows import json_rows
    from eval.review_page.page import review_html
    from index.errors import DatelineError

    console = Console(highlight=False)
    gold = gold or candidates.with_name("gold.jsonl")
    try:
        rows = [row for _, row in json_rows(candidates) if row and "id" in row and "question" in row]
        if page:
            write_whole(page, review_html(candidates.name, rows))
            console.print(f"Open {escape(str(page))} in a browser; hand in what it saves by --decisions.")
            return
        reviews = Reviews(candidates)
        if decisions:
            reviews.take_in(decisions, reviewer)
        decided = reviews.decided(reviewer)
        todo = [row for row in rows if str(row["id"]) not in decided and not decisions]
        for number, row in enumerate(todo, start=1):
            _show(row, f"{number} of {len(todo)}", console)
            decision = _decide(row, reviewer)
            if decision == "quit":
                break
            if decision != "skip":
                _keep(decision, reviews)
        found = accepted(rows, reviews)
        write_whole(gold, "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in found))
    except (DatelineError, OSError) as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    console.print(f"{len(found)} accepted questions in {escape(str(gold))}.")
    for agreement in reviews.agreements():
        share = "–" if agreement.share is None else f"{agreement.share:.0%}"
        kappa = "undefined" if agreement.kappa is None else f"{agreement.kappa:.2f}"
        names = " and ".join(agreement.reviewers)
        console.print(f"{escape(names)} agree on {share} of the {agreement.both} that both decided; kappa {kappa}.")


def _keep(decision: "Review | str", reviews: "Reviews") -> None:
    from eval.drafting.reviews import Review

    if isinstance(decision, Review):
        reviews.add(decision)


def _show(row: Mapping[str, Any], place: str, console: "Console") -> None:
    from rich.markup import escape

    answers = row.get("answers")
    expected = "nobody said what is right: edit it, or reject it" if answers is None else " / ".join(answers)
    console.rule(f"{escape(str(row['id']))}, {place}")
    console.print(f"[bold]{escape(row['question'])}[/bold]")
    console.print(f"  answer   {escape(expected or 'the articles do not say')}")
    for name in ("quote", "article", "near", "comment", "taken_out", "drafted_by"):
        if row.get(name):
            console.print(f"  {name:<8} {escape(str(row[name]))}")


def _decide(row: Mapping[str, Any], reviewer: str) -> "Review | str":
    from datetime import UTC, datetime

    from eval.drafting.reviews import Review

    at = datetime.now(UTC).isoformat(timespec="seconds")
    identity, answers = str(row["id"]), row.get("answers")
    while True:
        choice = typer.prompt("[a]ccept, [e]dit, [r]eject, [s]kip, [q]uit", default="s").strip().lower()[:1]
        if choice == "a" and answers is None:
            typer.echo("It has no answer to accept: edit it.")
        elif choice == "a":
            return Review(identity, reviewer, at, "accept")
        elif choice == "r":
            return Review(identity, reviewer, at, "reject")
        elif choice == "e":
            question = typer.prompt("Question", default=row["question"])
            told = typer.prompt("Answers, parted by “ | ”; - for none", default=" | ".join(answers or ()) or "-")
            given = tuple(answer.strip() for answer in told.split(" | ") if answer.strip() not in ("", "-"))
            return Review(identity, reviewer, at, "accept", question, given)
        elif choice in ("s", "q"):
            return {"s": "skip", "q": "quit"}[choice]
