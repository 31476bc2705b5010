"""`dateline eval judge`: a chat model's verdicts on a report's answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from eval.judging import Agreement


def judge(
    report: Annotated[Path, typer.Argument(metavar="REPORT_DIR", help="The folder that an evaluation wrote.")],
    labels: Annotated[
        Path | None, typer.Option(help='People\'s verdicts, JSON lines of "id" and "right", to hold the judge to.')
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Judge only the first N answers.")] = None,
    ragas: Annotated[
        bool, typer.Option("--ragas", help="Score by ragas too: faithfulness, answer relevancy (extra `ragas`).")
    ] = False,
) -> None:
    """Have the chat model of the settings judge a report's answers (DATELINE_CHAT_MODEL).

    Writes judge.jsonl into the report's folder, and tells how far the judge agrees with the deterministic metrics and
    with people's labels. Its verdicts are for information: the gate does not know of them.
    """
    import json

    from rich.console import Console
    from rich.markup import escape

    from assistant.assistant import embedder_of
    from assistant.chat.models import load_chat_model
    from assistant.settings import load_settings
    from eval.files import write_whole
    from eval.formats.json_rows import json_rows
    from eval.gold import GoldError
    from eval.judging import PLACEHOLDERS, agreement, judged
    from eval.ragas_scores import NAMES, RagasScores, mean
    from index.errors import DatelineError
    from prompts import load_prompt

    console = Console(highlight=False)
    try:
        settings = load_settings()
        if settings.chat_model is None:
            raise GoldError("There is no judge: name a chat model in DATELINE_CHAT_MODEL")
        model: Any = load_chat_model(settings.chat_model, settings.chat_context, settings.chat_base_url)
        scorer = RagasScores(model, embedder_of(settings)) if ragas else None
        prompt = load_prompt("judge", PLACEHOLDERS, settings.prompts)
        rows = [row for _, row in json_rows(report / "results.jsonl") if row and row.get("answer")][:limit]
        verdicts = {row["id"]: judged(row, prompt, lambda asked: str(model.invoke(asked).text)) for row in rows}
        scores = {row["id"]: scorer.of(row) if scorer else {} for row in rows}
        lines = (json.dumps({"id": id_, "right": verdict, **scores[id_]}) for id_, verdict in verdicts.items())
        write_whole(report / "judge.jsonl", "".join(f"{line}\n" for line in lines))
        people = {str(row["id"]): bool(row["right"]) for _, row in json_rows(labels) if row} if labels else {}
    except (DatelineError, OSError, KeyError) as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    known = {id_: verdict for id_, verdict in verdicts.items() if verdict is not None}
    console.print(
        f"{sum(known.values())} of {len(verdicts)} answers judged right, {len(verdicts) - len(known)} neither right "
        f"nor wrong; by {escape(settings.chat_model)}, prompt {prompt.sha256[:12]}.",
        soft_wrap=True,
    )
    console.print(f"Agreement with the metrics: {_told(agreement(known, {row['id']: row['right'] for row in rows}))}.")
    for name in NAMES if ragas else ():
        value, n = mean([found[name] for found in scores.values()])
        console.print(f"ragas {name}: {'–' if value is None else f'{value:.3f}'} of {n}.")
    if labels:
        console.print(f"Agreement with people: {_told(agreement(known, people))}.")
    else:
        console.print("Nobody's labels were given (--labels): do not trust it yet.")


def _told(found: "Agreement") -> str:
    if found.share is None:
        return "no question has both"
    kappa = "undefined" if found.kappa is None else f"{found.kappa:.2f}"
    return f"{found.share:.0%} of {found.n}, kappa {kappa}"
