"""What newsrooms make of each other's stories: edited copies, and other reports of the same events.

For measuring how copies are found (`eval.benchmarks.copies`). Everything is drawn from a seeded generator.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from assistant.reader.training.stories import Story
from index.article import Article
from index.sentences import sentences

PAPERS = tuple(
    f"{place} {paper}"
    for place in (
        "Northwold",
        "Carrow",
        "Ellismere",
        "Tarn Valley",
        "Port Ansel",
        "Westmark",
        "Dunholm",
        "Lake District",
    )
    for paper in ("Herald", "Post", "Evening Star", "Gazette")
)
_REPORTERS = (
    "Ada Quill",
    "Tomas Breck",
    "Ines Varga",
    "Noor Halim",
    "Piet Maas",
    "Greta Lund",
    "Omar Seck",
    "Jo Pryce",
)
_CITIES = ("LONDON", "BRUSSELS", "NEW YORK", "NAIROBI", "SINGAPORE", "Lisbon", "Oslo", "Warsaw")
_AGENCIES = ("Arco Press", "Union Wire", "NPA", "Meridian News")
_HOUSE_STYLE = {
    "said": "says", "told": "informed", "per cent": "percent", "percent": "per cent", "about": "around",
    "because": "since", "but": "however", "also": "too", "more than": "over", "nearly": "almost", "began": "started",
    "will": "is to", "must": "has to", "big": "large", "children": "youngsters", "killed": "left dead",
    "hurt": "injured", "Mr": "Mr.", "Dr": "Dr.", "had been": "was", "which": "that", "the": "this", "a": "one",
    "and": "as well as", "of": "from", "in": "within", "last": "past", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6",
}  # fmt: skip
"""What a sub-editor changes; some of it for the better."""
_LOCAL = (
    "{paper} readers will remember the visit of a delegation from the region two summers ago, when the matter was first"
    " raised at the town hall.",
    "“We are watching this closely,” said a spokeswoman for the council, adding that nobody in the district was"
    " affected so far.",
    "Three families from the area with relatives there told the {paper} that they had spoken to them by telephone and"
    " that all were well.",
    "The member of parliament for the constituency has asked for a debate; the {paper} will report on it.",
    "A local firm with a branch in the region, which employs {n} people, said that its work went on as usual.",
    "The {paper} has started a collection; gifts can be handed in at the office in the market place until Friday.",
)
_STANDING = (
    "This article was first sent to subscribers of the {paper}'s morning letter. Sign up to have the day's five most"
    " read stories in your inbox by seven o'clock, free of charge, and support independent journalism in the region."
)
_TOLD = (
    "Asked {asked}, officials named {answer}.",
    "As to {asked}: {answer}.",
    "It was not clear at first {asked}; it is now said to be {answer}.",
    "{answer} – that is the reply to those who wondered {asked}.",
)
_QUOTED = re.compile(r"[“\"][^”\"]{25,}[”\"]")
_WHO = re.compile(
    r"^(who|what|which \w+|how many \w+|how much)\b(?= (?!(?:did|does|do|is|was|were|are|had|has)\b))", re.I
)

Edit = Callable[[Article, Random], Article]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text."""
    return text.split("\n\n")


def _with(article: Article, parts: Sequence[str]) -> Article:
    return replace(article, text="\n\n".join(part for part in parts if part.strip()))


def headline(article: Article, rng: Random) -> Article:
    """Another headline, the text untouched."""
    words = article.title.split()
    kept = words[: max(3, len(words) * 2 // 3)]
    return replace(article, title=f"{rng.choice(('World:', 'In short:', 'Update:', 'Abroad –'))} {' '.join(kept)}")


def cut_paragraphs(article: Article, rng: Random) -> Article:
    """A third to two thirds of the paragraphs gone, wherever they stood."""
    parts = paragraphs(article.text)
    keep = max(2, round(len(parts) * rng.uniform(0.35, 0.7)))
    kept = sorted(rng.sample(range(len(parts)), min(keep, len(parts))))
    return _with(article, [parts[n] for n in kept])


def byline(article: Article, rng: Random) -> Article:
    """Another reporter's name above it, and the credits of an agency below."""
    name, other = rng.sample(_REPORTERS, 2)
    agency = rng.choice(_AGENCIES)
    credit = f"(Reporting by {other} and {rng.choice(_REPORTERS)}; editing by {name}; {agency})"
    head = f"By {name} and agencies" if rng.random() < 0.5 else ""
    return replace(_with(article, [head, article.text, credit]), author=name)


def dateline(article: Article, rng: Random) -> Article:
    """Another place and agency before the first sentence, whether or not there was one."""
    body = re.sub(r"^[A-ZÀ-Þ][^.\n–—:-]{2,40}(?: [-–—]|:) ?", "", article.text)
    return replace(article, text=f"{rng.choice(_CITIES)} ({rng.choice(_AGENCIES)}) – {body}")


def small_edits(article: Article, rng: Random) -> Article:
    """About one word in fourteen changed into house style, dropped, or put elsewhere; paragraphs run together."""
    text = article.text
    for old, new in rng.sample(sorted(_HOUSE_STYLE.items()), 12):
        found = re.split(rf"\b({re.escape(old)})\b", text)
        text = "".join(new if at % 2 and rng.random() < 0.4 else part for at, part in enumerate(found))
    words = re.split(r"(\s+)", text)
    for at in range(0, len(words), 2):
        chance = rng.random()
        if chance < 0.02:
            words[at] = ""
        elif chance < 0.035 and at + 2 < len(words):
            words[at], words[at + 2] = words[at + 2], words[at]
    parts = paragraphs("".join(words))
    return _with(
        article, [" ".join(parts[n : n + 2]) for n in range(0, len(parts), 2)] if rng.random() < 0.5 else parts
    )


def local_paragraph(article: Article, rng: Random) -> Article:
    """One to three paragraphs of local interest put in."""
    parts = paragraphs(article.text)
    for local in rng.sample(_LOCAL, rng.choice((1, 2, 2, 3))):
        parts.insert(rng.randrange(1, len(parts) + 1), local.format(paper=article.source, n=rng.randrange(5, 90)))
    return _with(article, parts)


def brief(article: Article, rng: Random) -> Article:
    """Only the first sentences, 30 words or more."""
    spans = sentences(article.text)
    number = next((n for n in range(1, len(spans)) if len(article.text[: spans[n - 1][1]].split()) >= 30), len(spans))
    return replace(article, text=article.text[: spans[min(number + rng.choice((0, 0, 1)), len(spans)) - 1][1]])


def several(article: Article, rng: Random) -> Article:
    """Three of the other edits, one after the other."""
    for edit in rng.sample([headline, cut_paragraphs, byline, dateline, small_edits, local_paragraph], 3):
        article = edit(article, rng)
    return article


EDITS: dict[str, Edit] = {
    "edited headline": headline,
    "cut paragraphs": cut_paragraphs,
    "changed byline": byline,
    "changed dateline": dateline,
    "small edits": small_edits,
    "added local paragraphs": local_paragraph,
    "shortened to a brief": brief,
    "several of these": several,
}


def printed(article: Article, paper: str, number: int, rng: Random) -> Article:
    """An article as another paper prints it: under its name and address, one in three with its standing paragraph."""
    parts = [article.text, _STANDING.format(paper=paper)] if rng.random() < 1 / 3 else [article.text]
    url = f"https://{paper.replace(' ', '-').casefold()}.example/{number}"
    return replace(_with(article, parts), source=paper, url=url, origin=None)


def rewritten(story: Story, rng: Random) -> str:
    """The same facts in another reporter's words: what the story's questions ask, answered in a sentence each.

    Up to two quotations of the story are there to the letter, as everybody at one press conference has them, in at
    most a third of the words.
    """
    answered = [question for question in story.questions if question.answers and question.leans_on is None]
    told = [_told(question.text, story.text[slice(*question.answers[0])], rng) for question in answered]
    room = sum(len(sentence.split()) for sentence in told) / 2
    quotes = _QUOTED.findall(story.text)
    for quote in rng.sample(quotes, min(len(quotes), rng.choice((0, 1, 2)))):
        if len(quote.split()) <= room:
            told.insert(rng.randrange(1, len(told) + 1), f"{quote} was how one of those present put it.")
            room -= len(quote.split())
    return "\n\n".join(" ".join(told[n : n + 3]) for n in range(0, len(told), 3))


def _told(question: str, answer: str, rng: Random) -> str:
    """A question and its answer as one sentence."""
    asked, answer = question.strip().rstrip("?"), answer.rstrip(".")
    if _WHO.match(asked):
        said = _WHO.sub(lambda _: answer, asked, count=1)
        return f"{said[:1].upper()}{said[1:]}."
    return rng.choice(_TOLD).format(asked=f"{asked[:1].lower()}{asked[1:]}", answer=answer)


def with_background(text: str, earlier: str, rng: Random) -> str:
    """A report that takes one or two paragraphs over from an earlier one as background, at most a third of its words.

    Never the first: what is news in the one is not what the other begins with.
    """
    parts, taken = paragraphs(text), paragraphs(earlier)[1:]
    room = len(text.split()) / 2
    for part in rng.sample(taken, min(2, len(taken))):
        if len(part.split()) <= room:
            parts.append(part)
            room -= len(part.split())
    return "\n\n".join(parts)


def updated(article: Article, story: Story, number: int, rng: Random) -> Article:
    """A later version by the same paper at another address: a new first paragraph, other figures, most of the rest."""
    parts = paragraphs(article.text)
    kept = [part for part in parts[1:] if rng.random() < 0.8] or parts[1:]
    text = re.sub(r"\b\d+\b", lambda m: str(int(m[0]) + 1) if rng.random() < 0.4 else m[0], "\n\n".join(kept))
    lead = paragraphs(rewritten(story, rng))[0]
    return replace(
        _with(article, [lead, text]), url=f"{article.url}/update-{number}", title=f"{article.title} (update)"
    )
