"""The page, put together."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from eval.page_files import fill_page, safe_json


def review_html(name: str, candidates: Sequence[Mapping[str, Any]]) -> str:
    """Write the page on which candidates are looked through.

    Args:
        name: What they are called.
        candidates: The candidates, as in their file.
    """
    listed = safe_json(list(candidates))
    data = safe_json({"digest": sha256(listed.encode()).hexdigest()[:12], "candidates": list(candidates)})
    return fill_page(Path(__file__).with_name("review.html"), {"title": f"Review of {escape(name)}", "data": data})
