"""Names in a sentence, and whether a text has them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from assistant.chat.verifying.figures import NUMBER_WORDS
from index.article import Article

_TOKEN = re.compile(r"[^\W\d_][\w’'.-]*[\w]|[^\W\d_]")
_POSSESSIVE = re.compile(r"[’']s?$")
_ALIASES = {
    "us": {"united", "states", "american", "america"},
    "american": {"united", "states", "us", "america"},
    "america": {"united", "states", "us", "american"},
    "uk": {"united", "kingdom", "british", "britain"},
    "british": {"uk", "kingdom", "britain"},
    "britain": {"uk", "kingdom", "british"},
    "eu": {"european", "union"},
    "un": {"united", "nations"},
}
_PEOPLES_WRITTEN = (
    "afghanistan afghan, argentina argentine, belgium belgian, britain british, chile chilean, cyprus cypriot, "
    "denmark danish, egypt egyptian, england english, finland finnish, france french, greece greek, iceland icelandic, "
    "ireland irish, italy italian, kazakhstan kazakh, lebanon lebanese, malta maltese, netherlands dutch, "
    "norway norwegian, peru peruvian, philippines filipino, poland polish, portugal portuguese, scotland scottish, "
    "slovakia slovak, spain spanish, sweden swedish, switzerland swiss, taiwan taiwanese, tajikistan tajik, "
    "thailand thai, turkey turkish, türkiye turkish, ukraine ukrainian, uzbekistan uzbek, wales welsh"
)
_PEOPLES = frozenset(frozenset(pair.split()) for pair in _PEOPLES_WRITTEN.split(", "))
"""Countries with what is theirs, where one is not the other with an ending."""
_DEMONYM = re.compile(r"(?:a?ns?|ia?ns?|is?|ish|ese|ers?|s)?$")
_LEAST_STEM = 4
_COMMON_END = re.compile(r"(?:[^aiou’'s]s|ing|ed|[a-z]{4}ly|[a-z]{3}(?:tion|sion|ness|ship|hood))$")
_BEGINNINGS_WRITTEN = (
    "a about above according across after against ahead all almost along already also although among an and "
    "another any anyone around as asked at authorities back because before behind being below beside besides "
    "between both but by children critics despite doctors during each earlier either every everyone experts few "
    "finally first five following for four from further given had has have having he her here hers his how "
    "however if in instead into it its just last late later leaders local many meanwhile members more moreover "
    "most much near nearly neither never new next no nobody none nor not nothing now of off officials on once one "
    "only onto or other others our out outside over overall part parts people per perhaps police prosecutors "
    "rather reports residents same separately several she since so some someone something soon sources still such "
    "talks ten than that the their them then there these they this those though three through thus to today "
    "together tomorrow too two under unlike until up upon voters was we well were what whatever when whenever where "
    "wherever whether which whichever while who whoever whom whose why will with within without witnesses workers "
    "yesterday yet you"
)
_BEGINNINGS = frozenset(_BEGINNINGS_WRITTEN.split())
"""Words that begin sentences with a capital and are no names."""
_CALENDAR_WRITTEN = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december"
)
_CALENDAR = frozenset(_CALENDAR_WRITTEN.split())
_TITLES_WRITTEN = (
    "mr mrs ms miss dr prof professor sir dame lord lady judge justice president minister chief prime captain "
    "capt col lt gen general sgt sergeant insp inspector commander governor mayor senator king queen pope rev "
    "reverend a.m p.m"
)
_TITLES = frozenset(_TITLES_WRITTEN.split())


def names(sentence: str) -> list[str]:
    """The words of a sentence that are names, or parts of them: capitals, but for a common word that begins it."""
    found = []
    for match in _TOKEN.finditer(sentence):
        word = match[0]
        if not word[0].isupper() or folded(word) in _CALENDAR:
            continue
        if begins(sentence, match.start()) and _is_common(word, sentence[match.end() :]):
            continue
        found.append(word)
    return list(dict.fromkeys(found))


def begins(sentence: str, start: int) -> bool:
    """Whether a place is where a sentence, or a quotation in it, begins."""
    before = sentence[:start].rstrip(" \t\n")
    return not before.strip("“\"'‘(") or bool(re.search(r"[.!?:][\"”’']?\s*[“\"‘(]?$|[,:]\s*[“\"‘]$|[“\"‘]$", before))


def _is_common(word: str, behind: str) -> bool:
    """Whether a word that begins a sentence is no name.

    It is one of those that often do; or, without a capital behind it, a number, a plural, a participle or an abstract
    noun; or a long participle in any case.
    """
    if folded(word) in _BEGINNINGS:
        return True
    if re.match(r"\s+[A-Z]", behind):
        return bool(re.search(r"\w{4}ing$", word))
    return folded(word).split("-")[0] in NUMBER_WORDS or bool(_COMMON_END.search(word))


def folded(word: str) -> str:
    """A word as names are compared: lower case, no accents, no possessive, no stops."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word)).casefold()
    return "".join(c for c in plain if not unicodedata.combining(c)).replace(".", "").replace("’", "'")


def vocabulary(text: str, proper: bool = False) -> set[str]:
    """The words of a text that a name may be compared with, and the initials of its runs of capitals.

    Args:
        text: A quote.
        proper: Whether only to take words with a capital somewhere.
    """
    words = [match[0] for match in _TOKEN.finditer(text) if not proper or match[0] != match[0].lower()]
    found = {folded(word) for word in words}
    found.update(part for word in words for part in folded(word).split("-"))
    for run in re.findall(r"[A-Z][\w’]+(?:\s+(?:of\s+|and\s+|for\s+|the\s+)*[A-Z][\w’]+)+", text):
        found.add("".join(word[0] for word in run.split() if word[0].isupper()).casefold())
    return found


def has(name: str, words: Iterable[str]) -> bool:
    """Whether the words of a text have a name, be it as an adjective of it (`Israel`, `Israeli`)."""
    wanted, known = folded(name), words if isinstance(words, set) else set(words)
    if wanted in known or wanted in _TITLES:
        return True
    if any(alias in known for alias in _ALIASES.get(wanted, ())):
        return True
    if any(wanted in pair and pair & known for pair in _PEOPLES):
        return True
    parts = [part for part in _POSSESSIVE.sub("", name).split("-") if part[:1].isupper()]
    if "-" in name and parts and parts != [name]:
        return all(has(part, known) for part in parts)
    return any(_is_form_of(wanted, word) for word in known if word[:_LEAST_STEM] == wanted[:_LEAST_STEM])


def is_title(word: str) -> bool:
    """Whether a word with a capital only says what somebody is: `President`, `Judge`."""
    return folded(word) in _TITLES


def joined(sentence: str, found: Sequence[str]) -> list[str]:
    """The pairs of names that stand together in a sentence, as one name: `Natalie Baker`, `Tarn & Oxley`.

    Args:
        sentence: The sentence.
        found: Its names.
    """
    plain = [re.escape(name) for name in found if not is_title(name) and not _POSSESSIVE.search(name)]
    if not plain:
        return []
    one = rf"(?:{'|'.join(sorted(plain, key=len, reverse=True))})(?!\w)"
    return [f"{m[1]}{m[2]}" for m in re.finditer(rf"(?<![\w-])(?=({one}(?:\s+&)?\s+)({one}))", sentence)]


def stands_joined(pair: str, article: Article) -> bool:
    """Whether an article has two names together, be it with a middle name or a preposition between them."""
    first, *_, last = pair.split()
    between = r"(?:[’']s)?[\s.,&-]+(?:(?:[A-Z][\w.’'-]*|of|the|for|and|de|bin|al)\s+){0,2}"
    shape = rf"(?<!\w){re.escape(first)}{between}{re.escape(last)}"
    return bool(re.search(shape, f"{article.context}\n{article.text}", re.IGNORECASE))


def _is_form_of(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _LEAST_STEM:
        return False
    stem = short if long.startswith(short) else short[:-1] if short[-1] in "aey" and long.startswith(short[:-1]) else ""
    return bool(stem) and _DEMONYM.fullmatch(long[len(stem) :]) is not None
