"""How a conversation is shown."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from assistant.answer import Answer, Citation
from assistant.copies import named
from assistant.page.exchanges import Chosen, Conversation, Exchange
from assistant.page.markup import byline, count, day, opener, place, text
from assistant.page.tools import rated, tools

_CLOSEST = 3
_EXCERPT = 180
"""Characters."""


def conversation_html(conversation: Conversation) -> str:
    """All exchanges, the newest last."""
    newest = len(conversation.exchanges) - 1
    return "".join(_exchange(exchange, i == newest) for i, exchange in enumerate(conversation.exchanges))


def welcome_html(examples: Sequence[str]) -> str:
    """What stands there before the first question.

    Args:
        examples: Questions to offer.
    """
    buttons = "".join(
        f'<li><button type="button" class="example" data-question="{text(question)}">{text(question)}</button></li>'
        for question in examples
    )
    offered = f'<h3 class="label" id="examples">For example</h3><ul aria-labelledby="examples">{buttons}</ul>'
    return (
        '<section class="welcome"><h2 class="lead">What do you want to know?</h2>'
        "<p>Every answer comes with the sentence that says so, and its place in the article. "
        f"Where the articles do not say, neither does Dateline.</p>{offered if examples else ''}</section>"
    )


def _exchange(exchange: Exchange, newest: bool) -> str:
    kind, content, status = _outcome(exchange)
    # The status is read out by the page's script in a live region that is never replaced.
    return (
        f'<article class="exchange {kind}" data-newest="{str(newest).lower()}" '
        f'data-state="{"done" if exchange.done else "busy"}" data-status="{text(status)}" '
        f'data-asked="{text(_asked(exchange))}"{_told(exchange)}>'
        f'<h2 class="question">{text(exchange.question)}</h2>{_limits(exchange.filters)}{content}'
        f"{tools(exchange.answer) if exchange.done and exchange.answer else ''}</article>"
    )


def _asked(exchange: Exchange) -> str:
    """The question and what was searched, for a link that asks the same."""
    return json.dumps({"question": exchange.question, **asdict(exchange.filters)})


def _told(exchange: Exchange) -> str:
    """What is sent along with a rating."""
    if not exchange.done or not exchange.answer:
        return ""
    return f' data-told="{text(json.dumps(rated(exchange.answer)))}"'


def _limits(chosen: Chosen) -> str:
    """What the search was limited to."""
    days = f"from {day(chosen.since)}" if chosen.since else "", f"until {day(chosen.until)}" if chosen.until else ""
    parts = [part for part in (*days, *(text(name) for name in chosen.sources)) if part]
    return f'<p class="byline limits">Searched only {byline(*parts)}</p>' if parts else ""


def _outcome(exchange: Exchange) -> tuple[str, str, str]:
    """What it looks like, its HTML, and what a screen reader is told."""
    answer = exchange.answer
    if exchange.problem:
        return "failed", f'<p class="problem">{text(exchange.problem)}</p>', exchange.problem
    if answer is None:
        return "searching", '<p class="progress">Searching the articles…</p>', "Searching the articles."
    if not exchange.done and answer.draft:
        return "writing", _draft(answer), "Writing."
    if not exchange.done and answer.abstained:
        # Not an abstention yet: an answer is one only once its citations are checked.
        return "reading", _passages_found(answer), f"{_searched(answer)} found. Reading."
    if answer.abstained:
        return "abstained", _abstention(answer), f"{answer.text} The closest passages are listed."
    spoken = " ".join(part for part in (answer.text, answer.note, answer.notice) if part)
    return "answered", _answer(answer), f"Answer: {spoken} {count(len(answer.citations), 'source')}."


def _passages_found(answer: Answer) -> str:
    titles = list(dict.fromkeys(answer.titles.get(hit.passage.article_id, "") for hit in answer.hits))[:4]
    items = "".join(f"<li>{text(title)}</li>" for title in titles if title)
    return f'<p class="progress">Reading {_searched(answer)}…</p><ul class="found">{items}</ul>'


def _draft(answer: Answer) -> str:
    """What a chat model has written so far, pale until it is checked, below the sentences that are verified."""
    verified = f'<p class="answer">{_with_markers(answer)}</p>' if answer.citations else ""
    return f'{verified}<p class="progress">Writing, not checked yet:</p><p class="draft">{text(answer.draft)}</p>'


def _notice(answer: Answer) -> str:
    """How the answer came about, where that is worth knowing."""
    return f'<p class="notice" role="note">{text(answer.notice)}</p>' if answer.notice else ""


def _struck(answer: Answer) -> str:
    """What a chat model wrote and no passage bears out, struck through, where the settings want it shown."""
    items = "".join(f"<li><s>{text(sentence)}</s></li>" for sentence in answer.struck)
    return f'<div class="struck"><p class="byline">Not in the articles:</p><ul>{items}</ul></div>' if items else ""


def _searched(answer: Answer) -> str:
    articles = len({hit.passage.article_id for hit in answer.hits})
    return f"{count(len(answer.hits), 'passage')} of {count(articles, 'article')}"


def _answer(answer: Answer) -> str:
    citations = "".join(f"<li>{_citation(citation)}</li>" for citation in answer.citations)
    taken_over = any(citation.quote == answer.text for citation in answer.citations)
    return (
        f'<p class="answer{" verbatim" if taken_over else ""}">{_with_markers(answer)}</p>'
        f"{_note(answer)}{_notice(answer)}{_quotes(answer)}{_struck(answer)}"
        f'<h3 class="unseen">Sources</h3><ol class="citations">{citations}</ol>'
        f'<p class="footing">{byline(_confidence(answer.confidence), f"read {_searched(answer)}", _took(answer))}</p>'
    )


def _with_markers(answer: Answer) -> str:
    """The answer's text with the number of each citation behind the part that it supports."""
    parts, done = [], 0
    own = answer.citations[:-1] if answer.note else answer.citations
    for citation in sorted(own, key=lambda citation: (citation.answer_end, citation.n)):
        end = max(done, min(citation.answer_end, len(answer.text)))
        parts += [text(answer.text[done:end]), _marker(citation)]
        done = end
    return "".join(parts) + text(answer.text[done:])


def _marker(citation: Citation) -> str:
    number = f'<span class="unseen">Source </span>{citation.n}'
    return f"<sup>{_opener(citation, 'marker', number)}</sup>"


def _note(answer: Answer) -> str:
    """What else the articles say, with the number of its source."""
    return f'<p class="note">{text(answer.note)}{_marker(answer.citations[-1])}</p>' if answer.note else ""


def _quotes(answer: Answer) -> str:
    """The quotes, but for one that is the answer itself: the same words twice would only be noise."""
    quotes = (
        f'<blockquote class="quote" data-n="{citation.n}">{text(citation.quote)}</blockquote>'
        for citation in answer.citations
        if citation.quote != answer.text
    )
    return "".join(quotes)


def _citation(citation: Citation) -> str:
    page = f"p. {citation.page}" if citation.page else ""
    about = byline(text(citation.source or ""), day(citation.published), place(citation.place), page)
    inside = (
        f'<span class="number"><span class="unseen">Source </span>{citation.n}</span><span class="about">'
        f'<span class="title">{text(citation.title)}</span><span class="byline">{about}</span>'
        f"{_elsewhere(citation)}</span>"
    )
    return _opener(citation, "citation", inside)


def _elsewhere(citation: Citation) -> str:
    publishers = named(citation.also_published_by)
    return f'<span class="byline">also published by {text(publishers)}</span>' if publishers else ""


def _opener(citation: Citation, css_class: str, inside: str) -> str:
    return opener(citation.article_id, citation.start, citation.end, citation.n, css_class, inside)


def _abstention(answer: Answer) -> str:
    """No answer: said plainly, with the closest passages to look into, the best one of each article."""
    best = {hit.passage.article_id: hit for hit in reversed(answer.hits)}
    nearest = sorted(best.values(), key=lambda hit: hit.rank)[:_CLOSEST]
    closest = "".join(
        "<li>"
        + opener(
            hit.passage.article_id,
            hit.passage.start,
            hit.passage.end,
            0,
            "closest",
            f'<span class="title">{text(answer.titles.get(hit.passage.article_id, "Untitled"))}</span>'
            f'<span class="excerpt">{text(_excerpt(hit.passage.text))}</span>',
        )
        + "</li>"
        for hit in nearest
    )
    offered = f'<h3 class="label">The closest passages</h3><ul>{closest}</ul>' if closest else ""
    return (
        f'<div class="abstention"><p class="answer">{text(answer.text)}</p>{_notice(answer)}{_struck(answer)}'
        f'<p class="footing">{byline(f"Read {_searched(answer)}", _took(answer))}</p>{offered}</div>'
    )


def _excerpt(words: str) -> str:
    """The beginning of a passage, cut between words."""
    line = " ".join(words.split())
    return line if len(line) <= _EXCERPT else line[:_EXCERPT].rsplit(" ", 1)[0].rstrip(",;:–—- ") + "…"


def _confidence(probability: float) -> str:
    """A calibrated probability in words."""
    if probability >= 0.9:
        return "Very likely right"
    return "Likely right" if probability >= 0.7 else "Uncertain: check the source"


def _took(answer: Answer) -> str:
    milliseconds = answer.timings_ms.get("total")
    return "" if milliseconds is None else f"{milliseconds / 1_000:.1f} s"
