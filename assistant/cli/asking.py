"""Commands that ask: search, ask, chat."""

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from assistant.cli.options import (
    CountOption,
    JsonOption,
    LibraryOption,
    ModelOption,
    SinceOption,
    SourceOption,
    UntilOption,
    assistant_at,
    filters_from,
    print_json,
    settings_for,
)

if TYPE_CHECKING:
    from assistant.answer import Answer, Question
    from assistant.assistant import Assistant

QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(search)
    app.command()(ask)
    app.command()(chat)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="WORDS")],
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    k: CountOption = None,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Find passages by meaning and by words."""
    from assistant.bodies import passage_body

    filters = filters_from(since, until, source)
    settings = settings_for(context, library, k=k)
    assistant = assistant_at(settings)
    hits = assistant.search(query, settings.k, filters)
    bodies = [passage_body(hit, assistant.library.article(hit.passage.article_id).title) for hit in hits]
    if as_json:
        print_json(bodies)
        return
    for body in bodies:
        typer.echo(f"{body.score:.3f}  {body.title}  [{body.article_id}:{body.start}-{body.end}]")
        typer.echo(f"       {' '.join(body.text.split())[:200]}…\n")


def ask(
    context: typer.Context,
    question: QuestionArgument,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    k: CountOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Answer a question with its source, or say that the articles do not."""
    from assistant.answer import Question
    from assistant.bodies import answer_body

    filters = filters_from(since, until, source)
    settings = settings_for(context, library, k=k, chat_model=model)
    assistant, asked = assistant_at(settings), Question(question, filters=filters, k=settings.k)
    if as_json:
        print_json(answer_body(assistant.ask(asked)))
    else:
        _print_growing(assistant, asked)


def chat(context: typer.Context, model: ModelOption = None, library: LibraryOption = None) -> None:
    """Ask question after question; each may lean on the ones before. An empty line ends it."""
    from assistant.answer import Question, Turn
    from index.errors import QuestionError

    settings = settings_for(context, library, chat_model=model)
    assistant = assistant_at(settings)
    history: list[Turn] = []
    while question := typer.prompt("?", default="", show_default=False, prompt_suffix=" ").strip():
        try:
            answer = _print_growing(assistant, Question(question, tuple(history), k=settings.k))
        except QuestionError as error:
            typer.echo(str(error))
            continue
        history += [Turn("user", question), Turn("assistant", answer.text)]


def _print_growing(assistant: "Assistant", question: "Question") -> "Answer":
    """Answer, and print the answer; meanwhile show on a terminal what a chat model writes. Ctrl-C stops the model."""
    from contextlib import closing

    from assistant.cli.progress import draft_shown

    answers: Any = assistant.chain.stream(question)
    with closing(answers), draft_shown() as show:
        for answer in answers:
            show(answer.draft)
    typer.echo(answer.text)
    _print_sources(answer)
    return cast("Answer", answer)


def _print_sources(answer: "Answer") -> None:
    from assistant.copies import named
    from index.dates_shown import day_in_words

    if answer.notice:
        typer.echo(f"({answer.notice})")
    for sentence in answer.struck:
        typer.echo(f"(not in the articles: {sentence})")
    if answer.note:
        typer.echo(f"{answer.note} [{answer.citations[-1].n}]")
    for citation in answer.citations:
        page = f"p. {citation.page}" if citation.page else None
        about = (citation.source, day_in_words(citation.published), page, citation.url)
        typer.echo(f"\n[{citation.n}] {' · '.join(part for part in (citation.title, *about) if part)}")
        if elsewhere := named(citation.also_published_by):
            typer.echo(f"    also published by {elsewhere}")
        typer.echo(f"    “{citation.quote}”")
        typer.echo(f"    {citation.article_id}, characters {citation.start} to {citation.end}")
    if answer.abstained and answer.hits:
        typer.echo("\nClosest passages:")
        for title in dict.fromkeys(answer.titles[hit.passage.article_id] for hit in answer.hits[:3]):
            typer.echo(f"  {title}")
