"""Pages of one file: a template with its style, its script and its data in it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from string import Template


def fill_page(template: Path, parts: Mapping[str, str]) -> str:
    """Fill a page; the style and the script are the files of the same name beside it.

    The page may run this script only, by its hash (Content-Security-Policy), and load nothing.

    Args:
        template: An HTML file with `$name` placeholders.
        parts: What fills the others than `style`, `script` and `script_sha256`; markup is as given.
    """
    script = template.with_suffix(".js").read_text("utf-8")
    own = {
        "script": script,
        "script_sha256": b64encode(sha256(script.encode()).digest()).decode(),
        "style": template.with_suffix(".css").read_text("utf-8"),
    }
    return Template(template.read_text("utf-8")).substitute({**parts, **own})


def safe_json(content: object) -> str:
    """JSON that nothing in it can end the element of, which it stands in."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
