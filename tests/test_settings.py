from pathlib import Path

import pytest

from assistant.settings import load_settings
from index.errors import SettingsError


def test_flags_go_before_the_environment_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dateline.toml").write_text('k = 3\nport = 7000\nlibrary = "from-file"\n')
    monkeypatch.setenv("DATELINE_PORT", "7001")
    monkeypatch.setenv("DATELINE_LIBRARY", "from-environment")
    settings = load_settings(library=Path("from-flag"), port=None)
    assert (settings.library, settings.port, settings.k) == (Path("from-flag"), 7001, 3)


def test_an_unknown_setting_is_refused_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LIBARY", "x")
    with pytest.raises(SettingsError, match="DATELINE_LIBARY"):
        load_settings()
    monkeypatch.delenv("DATELINE_LIBARY")
    (tmp_path / "dateline.toml").write_text("colour = 'red'\n")
    with pytest.raises(SettingsError, match="colour"):
        load_settings()


def test_a_wrong_value_is_named_and_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "secret")
    with pytest.raises(SettingsError, match="port") as error:
        load_settings()
    assert "secret" not in str(error.value)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "dateline.toml").write_text("k = = 3")
    with pytest.raises(SettingsError, match=r"dateline\.toml"):
        load_settings()
