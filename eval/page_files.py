"""Pages of one file: a frame with the body, its style, its script and its data in it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from string import Template

_FRAME = Path(__file__).with_name("page_frame.html")


def fill_page(template: Path, parts: Mapping[str, str]) -> str:
    """Fill a page; the style and the script are the files of the same name beside it.

    The page may run this script only, by its hash (Content-Security-Policy), and load nothing.

    Args:
        template: What stands in the page's body, HTML with `$name` placeholders.
        parts: What fills them, markup as given; `title` and `data`, the JSON for the script, are in the frame too.
    """
    script = template.with_suffix(".js").read_text("utf-8")
    frame = {
        "title": parts["title"],
        "body": Template(template.read_text("utf-8")).substitute(parts),
        "data": parts["data"],
        "script": script,
        "script_sha256": b64encode(sha256(script.encode()).digest()).decode(),
        "style": template.with_suffix(".css").read_text("utf-8"),
    }
    return Template(_FRAME.read_text("utf-8")).substitute(frame)


def safe_json(content: object) -> str:
    """JSON that nothing in it can end the element of, which it stands in."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
