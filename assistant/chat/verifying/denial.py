"""Whether a sentence denies what a text asserts, or asserts what it denies."""

import re

from index.terms import terms

_CUE = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|nothing|without|cannot|hardly|barely|[a-z]+n[’']t"
    r"|(?:den|refus|fail|declin|reject)(?:y|ied|ies|ying|e|es|ed|s|ing)"
    r"(?=\s+(?:\w+ly\s+)?(?:to|that|having|\w+ing)\b)"
    r"|(?:stop|ceas)(?:ped|ed|s|es)?(?=\s+\w+ing\b)|unable\s+to)\b",
    re.IGNORECASE,
)
_NO_CUE = re.compile(
    r"\b(?:no\s+(?:more|less|fewer|later|earlier|sooner|longer)\s+than|not\s+only|no\s+doubt|no\s+one\s+but"
    r"|not\s+until|not\s+since|not\s+(?:\w+\s+){1,2}by\s+more\s+than|nothing\s+but|not\s+guilty)\b",
    re.IGNORECASE,
)
_HALF_CUE = re.compile(
    r"\b(?:(?:leav|giv)(?:e|es|ing)\s+(?:out|up)|left\s+out|gave\s+up|(?:safe|free|exempt)\s+(?:from|of)"
    r"|from\s[^,;.]{2,40}\sto|since\s[^,;]{3,60}\slast|instead|rather|except|only|missing|limit(?:s|ed)?"
    r"|(?:out|short)\s+of|(?:is|are|was|were)\s+out|unless|different|dry|first\s+time"
    r"|(?:high|low|bigg|larg|small|old|long|great|strong|few|wors)e?st"
    r"|object(?:s|ed|ing)?\s+to|(?:suspend|forbid|forbad|halt)\w*|ban(?:s|ned|ning)?"
    r"|un[a-z]{3,}(?:ed|d|ble)|(?:avoid|prevent|reject|cancel|abandon|scrap|lack|miss|drop|stop|spare)\w*"
    r"|(?:den|refus|fail|declin|ceas)(?:y|ied|ies|ying|e|es|ed|s|ing))\b",
    re.IGNORECASE,
)
"""Words that can say without a `not` what another sentence says with one: `left out` is `did not include`."""
_CLAUSE = re.compile(
    r"[,;:.!?—–“”\"]\s*|\s(?:and|but|or|while|which|who|that|because|after|before|when|where|whose|as|than)\s",
    re.IGNORECASE,
)
_SCOPE = 4
"""Terms behind a cue that it denies."""
_EMPTY = frozenset(terms(
    "can could may might shall should would must have had has do did does been being yet still ever any "
    "two three four five six seven eight nine ten hundred thousand million billion"
))  # fmt: skip
"""Terms that say nothing of what is denied."""
_NEARLY = 0.8
"""Share of a sentence's terms that a text has which says the same or the opposite in the same words."""
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        (
            "rise rose risen rising raise raised increase increased grew grow climbed gained",
            "fall fell fallen drop dropped cut lower lowered decrease decreased shrank lost reduced",
        ),
        ("accept accepted agreed approve approved", "reject rejected refused refuse declined"),
        ("win won", "lose lost"),
        ("open opened reopened", "close closed shut"),
        ("guilty", "innocent"),
        ("more", "fewer less"),
        ("before", "after"),
        ("begin began begun start started", "end ended stop stopped finished"),
        ("support supported backed", "oppose opposed"),
        ("allow allowed", "ban banned forbade forbidden"),
        ("alive survived", "dead died killed"),
        ("first", "last"),
        ("above", "below"),
        ("largest biggest", "smallest"),
        ("highest", "lowest"),
        ("buy bought", "sell sold"),
        ("arrive arrived", "leave left"),
        ("confirm confirmed", "deny denied"),
        ("success succeeded", "failure failed"),
    )
)  # fmt: skip


def disagrees(sentence: str, text: str) -> bool:
    """Whether the one denies what the other says.

    A cue denies the few terms behind it, in its clause. They disagree where the sentence denies a term that the text
    has and does not deny, or the text denies most of what the sentence says undenied; but not where a sentence in other
    words says it without a cue (`left out`). And where one has a word and the other, nearly the same for the rest, the
    opposite.

    Args:
        sentence: What is claimed.
        text: The quote.
    """
    if _guilt(sentence) * _guilt(text) < 0:
        return True
    cues, denied = _denied(sentence)
    said_cues, said = _denied(text)
    is_reworded = _is_reworded(sentence, text)
    if cues > said_cues:
        is_said = is_reworded and _says_half(text, sentence)
        return not is_said and (cues - said_cues != 1 or bool((denied & set(terms(text))) - said) or not denied)
    if cues < said_cues:
        is_said = is_reworded and _says_half(sentence, text)
        return not is_said and len((said & set(terms(sentence))) - denied) > len(said) / 2
    if cues:
        return not is_reworded and bool(denied & set(terms(text))) and not denied & said
    return _is_opposite(sentence, text)


def _is_reworded(sentence: str, text: str, but: str = "") -> bool:
    """Whether a sentence has many terms that a text has not, some words of it aside."""
    words = {term for term in terms(_CUE.sub(" ", sentence)) if term not in _EMPTY} - set(terms(but))
    return len(words & set(terms(text))) < _NEARLY * len(words)


def _says_half(text: str, other: str) -> bool:
    """Whether a text has a word that may stand for a cue, and another text has it not."""
    return bool(set(_halves(text)) - set(_halves(other)))


def _halves(text: str) -> list[str]:
    return [match[0].casefold()[:5] for match in _HALF_CUE.finditer(text)]


def _guilt(text: str) -> int:
    if re.search(r"\bnot\s+guilty\b", text, re.IGNORECASE):
        return -1
    return 1 if re.search(r"\bguilty\b", text, re.IGNORECASE) else 0


def _denied(text: str) -> tuple[int, set[str]]:
    """How many cues a text has, and the terms that they deny; numbers are no such terms."""
    text = _NO_CUE.sub(lambda match: "x" * len(match[0]), text)
    cues, found = 0, set()
    for cue in _CUE.finditer(text):
        clause = _CLAUSE.split(text[cue.end() :].lstrip(), maxsplit=1)[0]
        cues += 1
        heavy = [term for term in terms(clause) if term not in _EMPTY]
        found |= {term for term in heavy[:_SCOPE] if not term[0].isdigit()}
    return cues, found


def _is_opposite(sentence: str, text: str) -> bool:
    claimed = set(re.findall(r"[a-z]+", sentence.lower()))
    said = set(re.findall(r"[a-z]+", text.lower()))
    return any(
        claimed & mine
        and not claimed & theirs
        and said & theirs
        and not said & mine
        and not _is_reworded(sentence, text, " ".join(claimed & mine))
        for pair in _OPPOSITES
        for mine, theirs in (pair, pair[::-1])
    )
