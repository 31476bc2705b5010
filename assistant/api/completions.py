"""The OpenAI-compatible routes: a conversation in, a cited answer out."""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain as chained
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from assistant.answer import Answer, Citation
from assistant.api.completion_bodies import (
    MODEL,
    Annotation,
    AnswerMessage,
    Choice,
    Completion,
    CompletionIn,
    ModelBody,
    ModelsBody,
    UrlCitation,
    chunk,
)
from assistant.api.problems import described
from assistant.api.streaming import STILL_THERE
from assistant.assistant import Assistant
from assistant.bodies import answer_body

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The completion; with `stream`, its pieces as server-sent events.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "object", "required": ["data"], "properties": {"data": {"type": "string"}}}
            }
        },
    }
}


def completions_router(assistant: Assistant) -> APIRouter:
    """The routes, over an assistant."""
    router = APIRouter(prefix="/v1", tags=["openai"])

    @router.post("/chat/completions", response_model=Completion, responses={**_STREAM, **described(409)})
    def complete(body: CompletionIn, request: Request) -> Completion | StreamingResponse:
        """Answer the last message of a conversation, or abstain, in the form of OpenAI's API.

        Citations are the message's `annotations`.
        """
        question = body.to_question(assistant.settings.k)
        articles = f"{request.base_url}v1/articles/"
        if not body.stream:
            return completion(assistant.ask(question), articles)
        answers = assistant.chain.stream(question)
        # The first one shows whether the question can be asked: where it cannot, that is a problem, not a stream.
        first = next(answers)
        return StreamingResponse(events(chained([first], answers), articles), media_type="text/event-stream")

    @router.get("/models")
    def models() -> ModelsBody:
        """List the models: there is one."""
        return ModelsBody(data=[ModelBody()])

    @router.get("/models/{model}", responses=described(404))
    def model(model: str) -> ModelBody:
        """Show a model."""
        if model != MODEL:
            raise HTTPException(404, f"There is one model, {MODEL}")
        return ModelBody()

    return router


def completion(answer: Answer, articles: str) -> Completion:
    """An answer in OpenAI's form.

    Args:
        answer: What was answered.
        articles: Address of the articles on this server, for those that have none of their own.
    """
    message = AnswerMessage(content=content(answer), annotations=annotations(answer, articles))
    return Completion(choices=[Choice(message=message)], dateline=answer_body(answer))


def content(answer: Answer) -> str:
    """The message: the answer, and behind it the note, if there is one."""
    return f"{answer.text} {answer.note}".rstrip()


def annotations(answer: Answer, articles: str, offset: int = 0) -> list[Annotation]:
    """The citations; that of the note refers to the note.

    Args:
        answer: What was answered.
        articles: Address of the articles on this server.
        offset: Where the answer begins in the message.
    """
    found = []
    for citation in answer.citations:
        start, end = citation.answer_start, citation.answer_end
        if answer.note and citation is answer.citations[-1]:
            start, end = len(answer.text) + 1, len(content(answer))
        found.append(_annotation(citation, offset + start, offset + end, articles))
    return found


def events(answers: Iterator[Answer], articles: str) -> Iterator[str]:
    """A streamed completion: words as soon as they are certain, then the annotations, then the end.

    Only words with a citation, or those of the whole answer, are certain: what was sent cannot be taken back.
    """
    identity, created = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
    yield _event(chunk(identity, created, {"role": "assistant", "content": ""}))
    sent, last = "", None
    for last in answers:
        certain = last.text[: last.citations[-1].answer_end] if last.citations and not last.note else ""
        if certain.startswith(sent) and certain != sent:
            yield _event(chunk(identity, created, {"content": certain[len(sent) :]}))
            sent = certain
        else:
            yield STILL_THERE
    if last is not None:
        # Where a chat model fails half way, the reader's answer follows what it had written.
        begun = "" if content(last).startswith(sent) else f"{sent}\n\n"
        if rest := f"{begun}{content(last)}"[len(sent) :]:
            yield _event(chunk(identity, created, {"content": rest}))
        cited = [annotation.model_dump() for annotation in annotations(last, articles, len(begun))]
        final = chunk(identity, created, {"annotations": cited}, "stop")
        yield _event({**final, "dateline": asdict(answer_body(last))})
    yield "data: [DONE]\n\n"


def _annotation(citation: Citation, start: int, end: int, articles: str) -> Annotation:
    cited = UrlCitation(
        start_index=start, end_index=end, title=citation.title, url=citation.url or articles + citation.article_id,
        article_id=citation.article_id, quote=citation.quote, start=citation.start, end=citation.end,
    )  # fmt: skip
    return Annotation(url_citation=cited)


def _event(value: object) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
