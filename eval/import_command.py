"""`dateline eval import`: another format into ours, and what is broken in it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.formats.reading import Format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.gold import GoldQuestion
    from index.article import Article


def import_set(
    source: Annotated[Path, typer.Argument(help="A file, or a BEIR folder.")],
    out: Annotated[Path, typer.Option(help="Folder for gold.jsonl, and for articles where the set holds them.")],
    format: Annotated[Format | None, typer.Option(help="Its format, where its name does not tell.")] = None,
    articles: Annotated[
        Path | None, typer.Option(help="File or folder of the articles, where the set does not hold them.")
    ] = None,
) -> None:
    """Convert a question set to ours and check it: SQuAD, BEIR, ClapNQ, a table, or our own JSON lines.

    Writes the sound questions, and tells which are broken and why; ends with 1 where there are any.
    """
    from rich.console import Console
    from rich.markup import escape

    from eval.files import write_whole
    from eval.formats.checking import check
    from eval.formats.reading import guessed, read
    from eval.gold import GoldError
    from eval.gold_lines import gold_text
    from eval.gold_set import load_articles
    from index.errors import DatelineError

    console, errors = Console(), Console(stderr=True)
    try:
        imported = read(source, format or guessed(source))
        broken = list(imported.broken)
        out.mkdir(parents=True, exist_ok=True)
        if imported.articles:
            where = out / "articles"
            questions = _with_files(imported.questions, write_articles(imported.articles, where))
        elif articles is None:
            raise GoldError(f"{source} holds no articles: say where they are with --articles")
        else:
            where, questions = articles, list(imported.questions)
        loaded, unreadable = load_articles(where)
        sound, problems = check(questions, loaded, where if where.is_dir() else where.parent)
        broken += problems
        write_whole(out / "gold.jsonl", gold_text(sound))
    except (DatelineError, OSError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    for line in (*unreadable, *broken):
        errors.print(f"[red]Broken:[/red] {escape(line)}", soft_wrap=True)
    console.print(
        f"{len(sound)} questions in {escape(str(out / 'gold.jsonl'))}, {len(broken)} broken. Ask them: "
        f"dateline eval --gold {escape(str(out / 'gold.jsonl'))} --articles {escape(str(where))}",
        soft_wrap=True,
    )
    if broken or unreadable:
        raise typer.Exit(1)


def write_articles(articles: "Sequence[Article]", folder: Path) -> dict[str, str]:
    """Write articles as JSON files, and tell the file of each by its id."""
    import json

    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for number, article in enumerate(articles):
        name = f"{number:06}.json"
        fields = {
            "title": article.title,
            "text": article.text,
            "source": article.source,
            "published": article.published,
        }
        told = {field: value for field, value in fields.items() if value}
        (folder / name).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        files[article.id] = name
    return files


def _with_files(questions: "Sequence[GoldQuestion]", files: dict[str, str]) -> "list[GoldQuestion]":
    """The questions with the names of files in place of their articles' ids, which may change in reading."""
    from dataclasses import replace

    named = []
    for question in questions:
        names = [files[identity] for identity in question.right_articles]
        first = names[0] if names else None
        named.append(
            replace(
                question,
                article=first if question.answerable else None,
                near=None if question.answerable else first,
                also_in=tuple(names[1:]),
                right_articles=(),
            )
        )
    return named
