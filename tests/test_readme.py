import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.library import Library
from tests.conftest import BRIDGE, FLOOD, NAQVI

README = Path(__file__).parent.parent / "README.md"


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.assistant import open_library
    from assistant.settings import load_settings

    monkeypatch.setenv("DATELINE_LIBRARY", "library")
    library: Library = open_library(load_settings())
    met = replace(NAQVI, text=NAQVI.text.replace(" received ", " met "))
    library.add([met, BRIDGE, FLOOD])
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example, str(README), "exec"), {})  # noqa: S102 - our own README
    answer, headlines = capsys.readouterr().out.splitlines()
    assert "Mohsin Naqvi" in answer
    assert BRIDGE.title in headlines


def test_every_setting_is_in_the_readme() -> None:
    from assistant.settings import Settings

    text = README.read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"DATELINE_{name.upper()}" not in text] == []


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    assert all((README.parent / picture).is_file() for picture in pictures)


def test_every_format_is_in_the_readme() -> None:
    from index.load.formats import KNOWN

    text = README.read_text(encoding="utf-8")
    assert [suffix for suffix in KNOWN if f"`{suffix}`" not in text] == []
