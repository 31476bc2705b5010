"""Sentences of a text, as character ranges."""

import re
from collections.abc import Iterator
from itertools import pairwise

_BULLET = re.compile(r"\s*(?:[•*-]\s+)?")
_WORDY = re.compile(r"[^\W_]")
_LONG = 40  # words; a quotation of several sentences this long is cut inside
_QUOTES = str.maketrans(dict.fromkeys("\"“”„«»‘'’", " "))
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")

# Where the segmenter cuts and English does not: "9 a.m. Friday", "Tk. 500", "'Why?' Roe asked.", "1. First", "… (AFP)"
_CLOCK_END = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_CLOCK_TAIL = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|[A-Z]{2,4}\b)"
)
_COUNTED_END = re.compile(r"(?:^|\W)(?:Tk|Rs|approx|ca|Figs?|Nos?|Arts?|Secs?|Vols?|Mt|Ft)\.$", re.IGNORECASE)
_ASKED_END = re.compile(r"[?!…][\"”’']$")
_NUMBERING = re.compile(r"\(?\d{1,3}[.)]")
_CREDIT = re.compile(r"[(\[][^()\[\].]{2,40}[)\]]")
_ATTRIBUTION = re.compile(
    r"(?:[A-Z][\w.’'-]+ ){1,4}"
    r"(?:said|says|asked|asks|added|adds|told|wrote|replied|shouted|recalled|warned|explained|continued|insisted)\b"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text.

    Args:
        text: Any text; its paragraphs end at newlines, which no sentence crosses.

    Returns:
        Ranges `(start, end)` in code points, in order and disjoint, without surrounding white space and without the
        bullet (`• `, `- `, `* `) that begins a paragraph. Every other character that is not white space is in one.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        bullet = _BULLET.match(paragraph)
        lead = bullet.end() if bullet else 0
        body = paragraph[lead:].rstrip()
        if body:
            spans.extend((start + lead + a, start + lead + b) for a, b in _in_paragraph(body))
        start += len(paragraph) + 1
    return spans


def _in_paragraph(text: str) -> list[tuple[int, int]]:
    """Cut one paragraph that begins and ends with a visible character."""
    cuts = [0]
    for start, end in _between([0, *_boundaries(text), len(text)]):
        cuts.append(start)
        if len(text[start:end].split()) > _LONG:
            cuts.extend(start + cut for cut in _inside_quotation(text[start:end]))
    merged: list[tuple[int, int]] = []
    for left, right in _between([*cuts, len(text)]):
        end = left + len(text[left:right].rstrip())
        start = end - len(text[left:end].lstrip())
        if start == end:
            continue
        if merged and _belongs(text[merged[-1][0] : merged[-1][1]], text[start:end]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _between(cuts: list[int]) -> Iterator[tuple[int, int]]:
    return pairwise(sorted(set(cuts)))


def _belongs(before: str, after: str) -> bool:
    """Tell whether two neighbouring segments are one sentence."""
    if not _WORDY.search(after) or not _WORDY.search(before):
        return True
    return bool(
        _NUMBERING.fullmatch(before)
        or _CREDIT.fullmatch(after)
        or (_CLOCK_END.search(before) and _CLOCK_TAIL.match(after))
        or (_COUNTED_END.search(before) and after[0].isdigit())
        or (_ASKED_END.search(before) and _ATTRIBUTION.match(after))
    )


def _boundaries(text: str) -> list[int]:
    from sentencex import get_sentence_boundaries

    starts = (int(boundary["start_index"]) for boundary in get_sentence_boundaries("en", text))
    return [start for start in starts if 0 < start < len(text)]


def _inside_quotation(segment: str) -> list[int]:
    """Cut a long quotation at its sentence ends, which the segmenter leaves whole.

    It is run again on the segment with quotation marks blanked. Cuts right behind a closing mark are left out: there
    the first run, which saw the mark, has already decided.
    """
    kept = _APOSTROPHE.sub("x", segment)
    blanked = kept.translate(_QUOTES)
    cuts = []
    for boundary in _boundaries(blanked):
        cut = boundary
        while cut > 0 and kept[cut - 1] != blanked[cut - 1]:  # an opening mark goes with what it opens
            cut -= 1
        before = kept[:cut].rstrip()
        if before and blanked[len(before) - 1] == before[-1]:
            cuts.append(cut)
    return cuts
