"""The dateline: the place at the start of a report, `KARACHI, May 9 (Reuters) - …`."""

import re

from index.load.dates import is_moment

_WORD = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+"
_CAPITALS = rf"{_WORD}(?:[ /]{_WORD}){{0,3}}"
_NAME = r"[A-ZÀ-ÖØ-Þ][\w.'’-]+(?:[ -][A-ZÀ-ÖØ-Þ][\w.'’-]+){0,2}"
_DATE = r"[^,()—–:]{3,14}?(?:,? \d{4})?"
_AGENCY = r"\((?:[A-Z][\w.&/' -]{1,30})\)"
_MARK = r"(?::|\s?[—–]|\s-{1,2}|--)"
_BODY = r"\s*(?=[\"“‘'(]*[A-ZÀ-ÖØ-Þ0-9])"

_SHOUTED = re.compile(
    rf"(?P<place>{_CAPITALS}(?:, {_NAME}(?=\s?[(:—–-]))?)(?:, (?P<date>{_DATE}))?(?:\s{_AGENCY})?{_MARK}{_BODY}"
)
# A place in small letters is only believed with a date or an agency: "Background: …" is no place.
_QUIET = re.compile(
    rf"(?P<place>{_NAME}(?:, {_NAME}(?=, ))?)(?:, (?P<date>{_DATE})(?:\s{_AGENCY})?|\s{_AGENCY}){_MARK}{_BODY}"
)
_LABELS = re.compile(
    r"(?:UPDATED?|WATCH|WATCH LIVE|LISTEN|READ|READ MORE|READ ALSO|ALSO READ|NOTES?|CORRECTIONS?|CLARIFICATION"
    r"|EDITOR['’]?S['’]? NOTE|EDITORS['’] NOTE|BREAKING|BREAKING NEWS|EXCLUSIVE|ANALYSIS|OPINION|COMMENT|LIVE"
    r"|VIDEO|PHOTOS?|PICTURES?|IN PICTURES|FILE|FILE PHOTO|WARNING|RELATED|SEE ALSO|QUESTION|ANSWER|FACTBOX"
    r"|EXPLAINER|EXPLAINED|TIMELINE|INTERVIEW|PROFILE|REVIEW|SUMMARY|BACKGROUND|CONTEXT|PS|TL;DR|NEWS|MORE"
    r"|KEY POINTS?|FACT CHECK|HIGHLIGHTS|THE LATEST|LATEST|IMPORTANT|ADVERTISEMENT|SOURCES?|CREDIT|CAPTION"
    r"|NATO|NASA|FIFA|UEFA|OPEC|UNICEF|UNESCO|WHO|IMF|EU|UN|USA?|UK|BBC|CNN|FBI|CIA|CEO|MP|MPS|PM)"
)
_SPEAKER = re.compile(rf"{_CAPITALS}: ")


def dateline_place(paragraph: str) -> str | None:
    """The place of the dateline that begins a paragraph, as written (`NEW YORK`), or None."""
    match = _dateline(paragraph)
    return match["place"] if match else None


def dateline_length(paragraph: str) -> int:
    """How many characters the dateline takes that begins a paragraph; 0 where there is none."""
    match = _dateline(paragraph)
    return match.end() if match else 0


def _dateline(paragraph: str) -> re.Match[str] | None:
    if match := _SHOUTED.match(paragraph):
        letters = sum(character.isalpha() for character in match["place"])
        if _LABELS.fullmatch(match["place"]) or letters < 3:
            return None
    else:
        match = _QUIET.match(paragraph)
    if match is None or (match["date"] and not is_moment(match["date"])):
        return None
    return match


def is_speech(paragraph: str, neighbour: str) -> bool:
    """Tell whether two paragraphs in a row begin `NAME: `: then it is a conversation written down, not a dateline."""
    return bool(_SPEAKER.match(paragraph) and _SPEAKER.match(neighbour))
