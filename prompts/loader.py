"""Loading a prompt: a Markdown file with `$name` placeholders."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from string import Template


class PromptError(Exception):
    """A prompt file is missing, or its placeholders are not the ones that its user fills."""


@dataclass(frozen=True)
class Prompt:
    """A prompt as loaded.

    Attributes:
        name: The file's name without `.md`.
        text: What the file says.
        sha256: SHA-256 of the text, recorded in every answer made with it.
    """

    name: str
    text: str
    sha256: str

    def fill(self, **values: str) -> str:
        """The prompt with its placeholders filled; a `$` in a value stays as it is."""
        return Template(self.text).substitute(values)


def load_prompt(name: str, placeholders: set[str], folder: Path | None = None) -> Prompt:
    """Load a prompt and check its placeholders.

    Args:
        name: The file's name without `.md`.
        placeholders: The names that will be filled; the file must hold exactly these.
        folder: A folder of one's own prompts, used where it has this one; else those that come with Dateline are.

    Raises:
        PromptError: There is no such file, or a placeholder is unknown, missing or malformed.
    """
    file = Path(__file__).parent / f"{name}.md"
    if folder:
        if not folder.is_dir():
            raise PromptError(f"There is no folder of prompts {folder}. Make it, or leave DATELINE_PROMPTS out.")
        file = own if (own := folder / f"{name}.md").exists() else file
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"The prompt {file} cannot be read: {error.strerror}.") from error
    template = Template(text)
    if not template.is_valid():
        raise PromptError(f"The prompt {file} has a lone $; write $$ for the sign itself.")
    found = set(template.get_identifiers())
    if found != placeholders:
        unknown, missing = sorted(found - placeholders), sorted(placeholders - found)
        raise PromptError(f"The prompt {file} has unknown placeholders {unknown} and lacks {missing}.")
    return Prompt(name, text, hashlib.sha256(text.encode()).hexdigest())
