"""`dateline eval draft`: candidates for gold questions from articles."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.settings import Settings
    from eval.drafting.candidates import Candidate
    from eval.drafting.filtering import Sieve
    from index.article import Article


def draft(
    articles: Annotated[Path, typer.Argument(help="File or folder of articles.")],
    out: Annotated[Path, typer.Option(help="Folder for candidates.jsonl and the articles that it is about.")],
    per_article: Annotated[int, typer.Option(min=1, help="Candidates an article, at the most.")] = 5,
    leave_out: Annotated[
        int | None,
        typer.Option(min=0, help="Articles to take out, so that nothing answers their questions; default: a tenth."),
    ] = None,
) -> None:
    """Propose questions with answer, quote and offsets, for people to look through by `dateline eval review`.

    From names, numbers, dates and quotations by the reader run backwards; by the chat model where the settings name
    one. What other articles answer too, what leaks its answer and what the reader answers otherwise is left out.
    """
    from rich.console import Console
    from rich.markup import escape

    from assistant.assistant import Assistant
    from assistant.settings import load_settings
    from eval.drafting.filtering import Sieve
    from eval.files import write_whole
    from eval.gold_set import load_articles
    from eval.import_command import write_articles
    from eval.subject import temporary_library
    from index.errors import DatelineError

    console, errors = Console(), Console(stderr=True)
    try:
        settings = load_settings()
        loaded, unreadable = load_articles(articles)
        for reason in unreadable:
            errors.print(f"[yellow]Passed over:[/yellow] {escape(reason)}", soft_wrap=True)
        taken_out = {article.id for article in _taken_out(loaded, leave_out)}
        files = write_articles([article for article in loaded if article.id not in taken_out], out / "articles")
        propose = _proposer(settings, per_article)
        lines: list[str] = []
        with temporary_library(loaded, settings) as library:
            sieve = Sieve(Assistant(library, settings.model_copy(update={"chat_model": None})))
            for article in loaded:
                kept = list(_kept(propose(article), sieve, per_article, article.id in taken_out))
                lines += [_line(item, len(lines) + n, sieve, files) for n, item in enumerate(kept, start=1)]
        write_whole(out / "candidates.jsonl", "".join(f"{line}\n" for line in lines))
    except (DatelineError, OSError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    for reason, count in sieve.left_out.most_common():
        console.print(f"left out {count}: {reason}")
    where = escape(str(out / "candidates.jsonl"))
    console.print(
        f"{len(lines)} candidates in {where}, of {len(loaded)} articles, {len(taken_out)} of them taken out. "
        f"Look through them: dateline eval review {where}",
        soft_wrap=True,
    )


def _taken_out(articles: "Sequence[Article]", count: int | None) -> "Sequence[Article]":
    """Which articles are taken out: spread by their ids, always the same ones."""
    return sorted(articles, key=lambda article: article.id)[: len(articles) // 10 if count is None else count]


def _kept(candidates: "Iterator[Candidate]", sieve: "Sieve", most: int, is_taken_out: bool) -> "Iterator[Candidate]":
    """At most so many that are worth looking at, no two of one sentence."""
    seen: set[int] = set()
    for candidate in candidates:
        if len(seen) == most:
            return
        if candidate.start not in seen and sieve.lets_through(candidate, with_copies=is_taken_out):
            seen.add(candidate.start)
            yield candidate


def _proposer(settings: "Settings", most: int) -> "Callable[[Article], Iterator[Candidate]]":
    from eval.drafting.proposing import from_article, from_model

    if settings.chat_model is None:
        return from_article
    import secrets

    from assistant.chat.models import load_chat_model
    from prompts import load_prompt

    name = settings.chat_model
    model = load_chat_model(name, settings.chat_context, settings.chat_base_url)
    prompt = load_prompt("draft", {"fence", "count", "article"}, settings.prompts)

    def propose(article: "Article") -> "Iterator[Candidate]":
        text = f"{article.title}\n\n{article.text}"
        filled = prompt.fill(fence=secrets.token_hex(8), count=str(2 * most), article=text)
        return from_model(article, lambda asked: str(model.invoke(asked).text), filled, f"chat:{name}")

    return propose


def _line(candidate: "Candidate", number: int, sieve: "Sieve", files: dict[str, str]) -> str:
    from eval.gold import GoldQuestion
    from eval.gold_lines import gold_line

    file = files.get(candidate.article.id)
    drafted = {"drafted_by": candidate.drafted_by}
    if file is None:
        near = files.get(sieve.nearest(candidate) or "")
        question = GoldQuestion(f"draft-{number:04}", candidate.question, (), kind="unanswerable_near", near=near)
        return gold_line(question, {**drafted, "taken_out": candidate.article.title})
    question = GoldQuestion(
        f"draft-{number:04}", candidate.question, (candidate.answer,), file, candidate.quote, kind=candidate.kind
    )
    return gold_line(question, {**drafted, "start": candidate.start, "end": candidate.end})
