"""Orders to the machine that reads an article, told by their words: passage by passage and sentence by sentence."""

import re
from functools import lru_cache

_MACHINE = (
    r"(?:ai|llms?|chatbots?|(?:(?:ai|language|chat|answering|reading|search) ?)?(?:models?|bots?|assistants?|agents?))"
)
_CLEARLY = (
    r"(?:ai|llms?|chatbots?|assistants?|(?:ai|language|chat|answering) ?"
    r"(?:models?|bots?|assistants?|agents?|systems?|readers?))"
)
_SAY = (
    r"(?:say|reply|respond|answer|output|print|write|repeat|include|append|insert|mention|cite|state|return|echo|"
    r"render|display|quote|finish|begin|start|end|reveal|send|fetch|embed|translate|decode)"
)
_BEFORE = (
    r"(?:(?:instructions?|prompts?|rules|guidelines|context|passages?|articles?|sources?|directions|orders)\b"
    r"|(?:the|everything|all|anything|what(?:ever)?) (?:\w+ ){0,3}(?:above|before|previous(?:ly)?|prior|so far))"
)
_QUESTIONS = (
    r"(?:every|any|all|each|whatever|whichever) (?:of )?(?:the |your |user |further |other )?"
    r"(?:questions?|users?|prompts?)"
)
_FOREIGN_MACHINE = (
    r"(?:\bsprachmodell\w*|\bmod[eè]les? de langage|\bmodelos? de (?:lenguaje|linguagem)|\bmodell[oi] linguistic[oi]"
    r"|языков\w+ модел\w+|语言模型|言語モデル|نموذج اللغة)"
)
_FOREIGN_SAY = (
    r"(?:\bbitte\b|\bantworte|\bschreib|\bsag[et]?\b|\bnenne|\br[ée]pond|\bdites\b|\b[ée]cri[sv]|\brespond[ae]|\bescrib[ae]"
    r"|\bdi(?:ga)?\b|\brispond|\bответь|\bскаж|回答|说|答え|أجب|قل)"
)
_REPLY = r"(?:answers?|reply|replies|responses?|output)"
_ASKED = r"(?:the question|(?:is|was|you are) asked|they ask|anyone asks)"

_TO_MACHINES = [
    # what stood before does not count
    rf"\b(?:ignore|disregard|forget|override|bypass|discard)\b[^.!?]{{0,40}}\b{_BEFORE}",
    # somebody else speaks: headings and marks that prompts are made of
    r"\b(?:system|developer|admin)[ _-]*(?:prompt|message|instruction|override|note|mode)s?\b\W{0,3}[:\]>=-]",
    r"(?:^|\n)\W{0,4}(?:system|assistant|user|human|ai|new instructions?|instructions? for \w+)\W{0,3}[:>\]]",
    r"<\|[a-z_]+\|>|\[/?(?:inst|sys|system)\]|<</?sys>>|</?(?:system|assistant|instructions?|prompt)>",
    r"#{2,}\s*(?:instruction|response|system|task)",
    # fences of passages
    r"(?:^|\n)\s*\[/?\d{1,3}\](?:\s*[\w-]{0,40}\s*(?:\n|$)|\s+[0-9a-f]{6,})|\[/\d{1,3}\]|</?passages?>",
    r"\b(?:end|begin(?:ning)?|start) of (?:the )?(?:passages?|context|sources?|untrusted|trusted)\b",
    # who is spoken to
    rf"\byou (?:are|must act as|will act as|will be) (?:now )?(?:an? |the )?(?:\w+ ){{0,2}}{_CLEARLY}\b",
    r"\b(?:dear|attention|hello|hey|(?:note|instructions?|message|memo|order) (?:to|for)|if you are)\W{1,3}"
    rf"(?:the |an? |all |any |every )?(?:\w+ )?{_MACHINE}\b",
    rf"\b{_CLEARLY}\b[^.!?]{{0,40}}\b"
    r"(?:must|should|shall|need to|have to|are (?:ordered|instructed|required|told)|always|please)\b"
    rf"[^.!?]{{0,40}}\b{_SAY}\b",
    rf"\b{_CLEARLY}\s*[,:]\s*(?:please |now |always |only )?{_SAY}\b",
    # what is to be said to whatever is asked
    rf"\b(?:answer|reply to|respond to) {_QUESTIONS}\b[^.!?]{{0,20}}\b(?:with|by)\b",
    rf"\b(?:to|for|in|of|with) {_QUESTIONS}\b[^.!?]{{0,60}}\b(?:{_SAY}|{_REPLY})\b",
    rf"\b(?:{_SAY}|{_REPLY})\b[^.!?]{{0,60}}\b(?:to|for|in|with|whatever) {_QUESTIONS}\b",
    rf"\b{_SAY}\b[^.!?]{{0,60}}\b(?:whatever|regardless of what|no matter what) {_ASKED}\b",
    rf"\byour (?:\w+ )?(?:instructions|task|{_REPLY})\b[^.!?]{{0,20}}\b(?:must|shall|should|has to|have to|is now)\b",
    rf"\b{_SAY}\b[^.!?]{{0,60}}\b(?:in|at the end of|as|to|before) your (?:\w+ )?{_REPLY}\b",
]
"""What a passage has that gives orders to a machine; news about such machines has hardly any of it."""
_FOR_READERS = [
    r"(?:^|[.!?:;,)\]>»”\"'—–-]\s*|"
    r"\b(?:please|now|must|should|shall|always|only|just|simply|instead|then|and|to|never)\s+)"
    rf"{_SAY}\b(?:\s+\w+){{0,6}}?\s*"
    r"(?:[:“\"'‘«`*]|\b(?:exactly|verbatim|nothing but|(?:the|this) (?:words?|code|token|text|line|link|image|phrase)"
    r"|the (?:answer|following)|as the answer)\b)",
    rf"\b{_CLEARLY}\s*:[^.!?]{{0,40}}\b{_SAY}\b",
    rf"{_FOREIGN_MACHINE}[^.!?。]{{0,40}}{_FOREIGN_SAY}|{_FOREIGN_SAY}[^.!?。]{{0,40}}{_FOREIGN_MACHINE}",
    rf"\b{_SAY}\b[^.!?]*\b(?:and|but) nothing (?:else|more)\b",
    r"\b(?:whatever|whenever|when|if|once) (?:the |a |any )?(?:users?|readers?|anyone|anybody|someone|somebody|people) "
    r"asks?\b",
    r"\b(?:the |your )?(?:only |correct |right |best |final |true )?answer (?:to (?:this|that|the) question )?"
    r"(?:is|must be|:)",
    rf"\[\d{{1,3}}\][^.!?]*\b{_SAY}\b|\b{_SAY}\b[^.!?]*\[\d{{1,3}}\]",  # marks are what answers have
    r"!?\[[^\]]*\]\([^)]*\)|<(?:img|a|script|iframe)\b|\bhttps?://\S+\?\S*=",
]
"""What a sentence has that wants something said, or put, into an answer. People say such things to each other too, so
no passage is judged by it; but such a sentence reports nothing."""


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_ORDER, _WISH = _any_of(_TO_MACHINES), _any_of(_FOR_READERS)


@lru_cache(maxsize=8192)
def gives_orders(text: str) -> bool:
    """Whether a text gives orders to the machine that reads it; one that quotes such orders is taken for one too.

    Args:
        text: A passage, or a title.
    """
    return _ORDER.search(text) is not None


@lru_cache(maxsize=8192)
def is_order(sentence: str) -> bool:
    """Whether a sentence of an article is, or may be, an order to say something: then it bears nothing out."""
    return gives_orders(sentence) or _WISH.search(sentence) is not None
