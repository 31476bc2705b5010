"""Sentence boundaries for training data, and the undoing of Penn Treebank tokenisation."""

from __future__ import annotations

import re

_BREAK = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Sr|Jr|Gen|Sen|Rep|Gov|Lt|Col|Prof|No|vs|etc|Inc|Ltd|Co|ca|c|e\.g|i\.e|U\.S|U\.K)|\b[A-Z])\.$"
)

_PLAIN = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
    "`": "'",
    "--": "–",
}
_GLUE_LEFT = {",", ".", ";", ":", "!", "?", "%", "-RRB-", "-RSB-", "-RCB-", "''", "'", "n't", "..."}
_GLUE_RIGHT = {"-LRB-", "-LSB-", "-LCB-", "``", "`", "$", "£", "€"}


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Cut a text into sentences.

    Args:
        text: Any text.

    Returns:
        Character ranges (start, end) of the sentences, in order, without the blanks between them.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        body = text[start : match.end()].rstrip()
        if not text[match.start()].isspace() and _ABBREVIATION.search(body):
            continue
        if body.strip():
            spans.append((start, start + len(body)))
        start = match.end()
    rest = text[start:].rstrip()
    if rest:
        spans.append((start, start + len(rest)))
    return spans


def detokenise(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Join Penn Treebank tokens into running text.

    Args:
        tokens: Tokens such as ``-LRB-``, ``n't`` or two backquotes.

    Returns:
        The text, and for each token its character range in the text.
    """
    text = ""
    spans: list[tuple[int, int]] = []
    glue = True
    for position, word in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        pound = word == "#" and following[:1].isdigit()  # the corpus writes the pound sign so
        shown = "£" if pound else _PLAIN.get(word, word)
        left = word in _GLUE_LEFT or (len(word) in (2, 3) and word[0] == "'" and word[1:].isalpha())
        if text and not glue and not left:
            text += " "
        spans.append((len(text), len(text) + len(shown)))
        text += shown
        glue = pound or word in _GLUE_RIGHT
    return text, spans
