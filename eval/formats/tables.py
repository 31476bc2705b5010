"""Tables (CSV or TSV) of question, answer and article, as people keep them."""

import csv
from pathlib import Path

from eval.formats.reading import Imported
from eval.gold import NO_KIND, GoldError, GoldQuestion, read_text

_NEEDED = ("question", "answer", "article")
_KNOWN = (*_NEEDED, "id", "quote", "kind", "split")


def read_table(path: Path) -> Imported:
    """Read a table with a header: `question`, `answer`, `article`; `id`, `quote`, `kind` and `split` where there are.

    Further accepted answers stand behind ` | `. Without an answer the articles do not say, and the article comes close.

    Raises:
        GoldError: The file is missing, or a column is.
    """
    lines = read_text(path).splitlines(keepends=True)
    is_tabbed = path.name.removesuffix(".gz").endswith(".tsv")
    rows = csv.DictReader(lines, delimiter="\t" if is_tabbed else ",", strict=True)
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise GoldError(f"{path} has no column {', '.join(missing)}: its first line should name {', '.join(_NEEDED)}")
    questions: dict[str, GoldQuestion] = {}
    broken: list[str] = []
    try:
        for number, row in enumerate(rows, start=1):
            cells = {name: (row.get(names[name]) or "").strip() for name in _KNOWN if name in names}
            try:
                question = _question(number, cells)
                if question.id in questions:
                    raise ValueError(f'the id "{question.id}" is there twice')
                questions[question.id] = question
            except ValueError as error:
                broken.append(f"row {number}: {error}")
    except csv.Error as error:
        broken.append(f"line {rows.line_num}: {error}; what follows was not read")
    return Imported((), list(questions.values()), broken)


def _question(number: int, cells: dict[str, str]) -> GoldQuestion:
    if not cells["question"]:
        raise ValueError("the question is empty")
    answers = tuple(dict.fromkeys(answer.strip() for answer in cells["answer"].split(" | ") if answer.strip()))
    article = cells["article"] or None
    if answers and article is None:
        raise ValueError("it has an answer and no article")
    return GoldQuestion(
        id=cells.get("id") or f"row-{number}",
        question=cells["question"],
        answers=answers,
        article=article if answers else None,
        near=None if answers else article,
        quote=cells.get("quote") or None,
        kind=cells.get("kind") or NO_KIND,
        split=cells.get("split") or None,
    )
