"""The page's layout and events: pieces of HTML, filled by `conversation` and `source` or, from the API, by scripts."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import gradio as gr

from assistant.answer import Question
from assistant.asked import LONGEST_QUESTION
from assistant.assistant import Assistant
from assistant.page.conversation import conversation_html, welcome_html
from assistant.page.examples import example_questions
from assistant.page.exchanges import Chosen, Conversation, Exchange
from assistant.page.markup import count
from assistant.page.offline import own
from assistant.page.source import article_page, front_page, problem
from index.dates_shown import day_in_words
from index.errors import DatelineError

_ASKED_AT_ONCE = 4
"""Questions answered at the same time; each keeps a core busy while it is read."""
_WAITING = 64
"""Questions that may wait; more are refused rather than kept waiting for minutes."""
_FORGOTTEN_AFTER = 4 * 60 * 60
"""Seconds after which the conversation of a page that nobody looks at is dropped."""

_MOST_SOURCES = 100
_AGAIN = {"trigger_mode": "multiple"}
"""By default Gradio's page takes a question that was stopped for one that is being answered, and sends no more."""

_log = logging.getLogger(__name__)

_PLACES = (
    '<nav aria-label="Places"><a href="#ask">Ask</a><a href="#library">Library</a><a href="#quality">Quality</a></nav>'
)


def build_page(assistant: Assistant) -> gr.Blocks:
    """Build the page.

    Args:
        assistant: Answers the questions asked on it.
    """
    page = Page(assistant)
    blocks = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with blocks:
        conversation = gr.State(Conversation(), time_to_live=_FORGOTTEN_AFTER)
        masthead = _html("masthead")
        with gr.Column(elem_id="desk"):
            talk = _html("conversation")
            composer = _html("composer", own("composer.html"))
            source = _html("source")
        _html("library", own("library.html"))
        _html("quality", own("quality.html"))

        shown = [conversation, talk, source]
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        again: dict[str, Any] = {**quick, **_AGAIN}
        slow: dict[str, Any] = {**again, "concurrency_limit": _ASKED_AT_ONCE, "concurrency_id": "ask"}
        blocks.load(page.masthead, None, masthead, **quick)
        blocks.load(page.begin, None, shown, **quick)
        asked = gr.on([composer.submit, talk.submit], page.ask, conversation, shown, **slow)
        composer.stop(page.stopped, conversation, [conversation, talk], cancels=[asked], **quick)
        talk.stop(page.stopped, conversation, [conversation, talk], **again)
        composer.clear(page.begin, None, shown, cancels=[asked], **quick)
        masthead.edit(page.masthead, None, masthead, **quick)
        gr.on([talk.select, source.select], page.show, None, source, **quick)
        source.clear(page.front, None, source, **quick)
        blocks.queue(max_size=_WAITING, default_concurrency_limit=_ASKED_AT_ONCE)
    return blocks


class Page:
    """What happens on the page; the conversation comes in and goes out, nothing is kept here.

    Args:
        assistant: Answers the questions.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def masthead(self) -> str:
        """The name, the day, and how much there is to ask about."""
        today = date.today()
        articles = count(len(self._assistant.library.articles()), "article")
        return (
            f'<header class="masthead"><p class="ear">{today:%A}, {day_in_words(today.isoformat())}</p>'
            f'<h1>Dateline</h1><p class="ear">{articles} indexed</p>{_PLACES}</header>'
        )

    def begin(self) -> tuple[Conversation, str, str]:
        """An empty conversation, and the front page."""
        articles = self._assistant.library.articles()
        return (
            Conversation(),
            welcome_html(example_questions(articles, self._assistant.library.find)),
            front_page(articles),
        )

    def ask(self, conversation: Conversation, event: gr.EventData) -> Iterator[tuple[Conversation, str, Any]]:
        """Answer a question, showing what is known of the answer as it comes."""
        asked = _words(event, "question").strip()
        filters = _filters(event)
        shown = asked[:LONGEST_QUESTION]
        history = conversation.history()
        exchange = Exchange(shown, filters=filters)
        conversation = conversation.asking(exchange)
        yield conversation, conversation_html(conversation), gr.skip()
        try:
            question = Question(asked, history, filters.checked(), k=self._assistant.settings.k)
            for answer in self._assistant.chain.stream(question):
                exchange = replace(exchange, answer=answer)
                conversation = conversation.latest(exchange)
                yield conversation, conversation_html(conversation), gr.skip()
            exchange = replace(exchange, done=True)
        except DatelineError as error:
            exchange = replace(exchange, answer=None, problem=str(error), done=True)
        except Exception:
            _log.exception("A question could not be answered")
            told = "Something went wrong here. The server’s log says what."
            exchange = replace(exchange, answer=None, problem=told, done=True)
        conversation = conversation.latest(exchange)
        yield conversation, conversation_html(conversation), self._source_of(exchange)

    def stopped(self, conversation: Conversation, event: gr.EventData) -> tuple[Conversation, str]:
        """The conversation with the question that was being answered closed, had it been begun or not."""
        asked = _words(event, "question").strip()[:LONGEST_QUESTION]
        stopped = conversation.stopped(Exchange(asked, filters=_filters(event)))
        return stopped, conversation_html(stopped)

    def show(self, event: gr.EventData) -> str:
        """The article that was asked for, with its words marked."""
        start, end, n = (_number(event, name) for name in ("start", "end", "n"))
        return self._article(_words(event, "article"), start, end, n)

    def front(self) -> str:
        """The front page."""
        return front_page(self._assistant.library.articles())

    def _source_of(self, exchange: Exchange) -> str:
        """What stands beside an exchange: its first source; without one, none that it might be taken to rest on."""
        citations = exchange.answer.citations if exchange.answer else ()
        if not citations:
            return self.front()
        first = citations[0]
        return self._article(first.article_id, first.start, first.end, first.n)

    def _article(self, article_id: str, start: int, end: int, n: int) -> str:
        library = self._assistant.library
        try:
            return article_page(library.article(article_id), start, end, n, library.copies(article_id))
        except DatelineError as error:
            return problem(str(error))


def _html(name: str, value: str = "") -> gr.HTML:
    """A piece of HTML; a script in `web` has a function of the same name that brings it to life."""
    return gr.HTML(
        value,
        elem_id=name,
        apply_default_css=False,
        js_on_load=f"dateline.start({name!r}, element, trigger, watch)",
    )


def _words(event: gr.EventData, name: str) -> str:
    """A detail of an event; it comes from a browser, so it may be missing or anything, unpaired surrogates even."""
    return str(_details(event).get(name, "")).encode("utf-8", "replace").decode()


def _filters(event: gr.EventData) -> Chosen:
    """What is to be searched; it comes from a browser, so it may be anything."""
    details = _details(event)
    sources = details.get("sources")
    named = tuple(str(name) for name in sources) if isinstance(sources, list) else ()
    return Chosen(_words(event, "since"), _words(event, "until"), named[:_MOST_SOURCES])


def _number(event: gr.EventData, name: str) -> int:
    value = _details(event).get(name)
    return value if isinstance(value, int) else 0


def _details(event: gr.EventData) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}
