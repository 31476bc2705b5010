"""The language of a text, told from its letters and words by CLD2; nothing is downloaded."""

from dataclasses import replace

from index.article import Article

_ENOUGH = 1_500
"""Characters looked at: more tell no more."""
_RENAMED = {"iw": "he", "jw": "jv", "mo": "ro"}
"""Codes that ISO 639-1 has given up since."""


def with_language(article: Article) -> Article:
    """The article with its language told from the text, where it does not say itself and the text is clear."""
    if article.language:
        return article
    language = detect(f"{article.title}\n\n{article.text[:_ENOUGH]}")
    return replace(article, language=language, language_detected=True) if language else article


def detect(text: str) -> str | None:
    """The language that most of a text is in.

    Returns:
        ISO 639-1 code, or None where the text does not tell.
    """
    import pycld2

    try:
        is_reliable, _, languages = pycld2.detect(text, isPlainText=True)
    except (pycld2.error, ValueError):  # characters that it takes for broken
        return None
    code = languages[0][1].partition("-")[0] if is_reliable else ""
    code = _RENAMED.get(code, code)
    return code if len(code) == 2 and code != "un" else None
