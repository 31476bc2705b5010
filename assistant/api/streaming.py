"""An answer as server-sent events, while it is made."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain as chained
from typing import Any

from assistant.answer import Answer
from assistant.bodies import answer_body, passage_body
from index.errors import DatelineError

STILL_THERE = ": still there\n\n"
"""A comment, sent while there is nothing new: only by sending is it found out that nobody listens any more."""

DESCRIBED: dict[str, Any] = {
    "description": "The answer; with `stream`, its growth as server-sent events.",
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "object",
                "required": ["event", "data"],
                "properties": {
                    "event": {"enum": ["passages", "token", "citation", "answer", "error"]},
                    "data": {"type": "string", "description": "JSON."},
                },
            }
        }
    },
}
"""The stream in OpenAPI's words."""


def events(first: Answer, answers: Iterator[Answer]) -> Iterator[str]:
    """An answer's growth.

    `passages` is what was found, `token` words as a chat model writes them (not checked), `citation` a citation as soon
    as it is verified, with the answer up to there, `answer` the whole answer, and `error` that there will be none.

    Args:
        first: The answer as it begins.
        answers: Ever fuller answers behind it. It is closed with this iterator, which stops a chat model.
    """
    drafted, cited, last = "", 0, None
    try:
        for answer in chained([first], answers):
            news = []
            if last is None:
                passages = [passage_body(hit, answer.titles.get(hit.passage.article_id, "")) for hit in answer.hits]
                news.append(event("passages", [asdict(passage) for passage in passages]))
            if answer.draft.startswith(drafted) and answer.draft != drafted:
                news.append(event("token", answer.draft[len(drafted) :]))
                drafted = answer.draft
            for citation in answer.citations[cited:]:
                news.append(event("citation", {"answer": answer.text, "citation": asdict(citation)}))
                cited += 1
            yield "".join(news) or STILL_THERE
            last = answer
        yield event("answer", asdict(answer_body(last or first)))
    except DatelineError as error:
        yield event("error", {"title": str(error)})
    finally:
        if close := getattr(answers, "close", None):
            close()


def event(name: str, value: object) -> str:
    """A server-sent event with a value as JSON."""
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n"
