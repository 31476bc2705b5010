"""Gold questions as lines of a file, as `eval.gold` reads them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from eval.gold import NO_KIND, GoldQuestion


def gold_line(question: GoldQuestion, more: Mapping[str, object] | None = None) -> str:
    """A question as a line of JSON, without a line end; fields that are empty are left out, but for `answers`.

    Args:
        question: The question.
        more: Further fields, e.g. who accepted it; reading ignores them.
    """
    fields = asdict(question)
    del fields["right_articles"]
    kept = {name: value for name, value in fields.items() if value not in (None, (), NO_KIND) and value is not False}
    kept |= {"id": question.id, "question": question.question, "answers": question.answers}
    order = ("id", "question", "answers")
    ordered = {name: kept[name] for name in (*order, *(name for name in kept if name not in order))}
    return json.dumps({**ordered, **(more or {})}, ensure_ascii=False)


def gold_text(questions: Iterable[GoldQuestion]) -> str:
    """Questions as the text of a gold file."""
    return "".join(f"{gold_line(question)}\n" for question in questions)
