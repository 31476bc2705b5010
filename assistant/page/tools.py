"""What can be done with an answer: copied with its sources, shared as a link, rated."""

import re
from typing import Any

from assistant.answer import Answer
from assistant.page.markup import is_web_address, text

_QUOTED_MOST = 20_000
"""Characters of a quote that feedback takes."""


def tools(answer: Answer) -> str:
    """The buttons below an answer."""
    copied = "" if answer.abstained else _button("Copy with sources", f'data-copy="{text(markdown(answer))}"')
    thumbs = "".join(
        f'<button type="button" class="quiet" data-rating="{rating}" aria-pressed="false">{words}</button>'
        for rating, words in (("up", "Good answer"), ("down", "Bad answer"))
    )
    share = _button("Share", "data-share")
    return f'<div class="tools">{copied}{share}<span class="rating">{thumbs}</span></div>'


def _button(words: str, what: str) -> str:
    return f'<button type="button" class="quiet" {what}>{words}</button>'


def markdown(answer: Answer) -> str:
    """An answer with its sources as Markdown, to be pasted elsewhere: what the articles say cannot format anything."""
    lines = [_plain(answer.text) + "".join(f" [{citation.n}]" for citation in answer.citations), ""]
    for citation in answer.citations:
        about = ", ".join(part for part in (citation.source, citation.published and citation.published[:10]) if part)
        address = f" <{citation.url}>" if _is_plain_address(citation.url) else ""
        said = f" ({_plain(about)})" if about else ""
        lines += [f"[{citation.n}] {_plain(citation.title)}{said}{address}", f"> {_plain(citation.quote)}", ""]
    return "\n".join(lines).rstrip() + "\n"


def _is_plain_address(url: str | None) -> bool:
    return url is not None and is_web_address(url) and re.fullmatch(r"[^\s<>\\]+", url) is not None


def _plain(words: str) -> str:
    """Words in one line, with everything that Markdown or HTML would take for a sign escaped."""
    line = re.sub(r"([\\`*_{}\[\]<>#|~&!]|:(?=//)|(?<=www)\.)", r"\\\1", " ".join(words.split()))
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", line)  # what begins a list, or underlines a heading


def rated(answer: Answer) -> dict[str, Any]:
    """What feedback on an answer says of it; see `assistant.api.requests.FeedbackIn`."""
    first = answer.citations[0] if answer.citations else None
    return {
        "question": answer.question,
        "answer": answer.text,
        "abstained": answer.abstained,
        "article_id": first.article_id if first else None,
        "quote": first.quote[:_QUOTED_MOST] if first else None,
        "index_id": answer.index_id,
        "answered_by": answer.answered_by,
    }
