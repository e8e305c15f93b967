from __future__ import annotations

from pathlib import Path

import pytest

from ui.settings import Settings, default_library


def test_flags_win_over_the_environment_and_the_environment_over_the_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Settings.from_env() == Settings(default_library(), "starter", "starter")
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "env"))
    monkeypatch.setenv("VLM_MODEL", "clip-b32")
    monkeypatch.setenv("VLM_DESCRIBER", "blip-base")
    assert Settings.from_env() == Settings(tmp_path / "env", "clip-b32", "blip-base")
    asked = Settings.from_env(library=tmp_path / "flag", model="fake", describer="fake")
    assert asked == Settings(tmp_path / "flag", "fake", "fake")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VLM_LIBRARY", "VLM_MODEL", "VLM_DESCRIBER"):
        monkeypatch.setenv(name, "")
    assert Settings.from_env() == Settings(default_library(), "starter", "starter")


def test_a_tilde_in_the_environment_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLM_LIBRARY", "~/photos-library")
    assert Settings.from_env().library == Path.home() / "photos-library"


def test_another_process_gets_the_same_settings_through_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "with space", "/models/clip", "openai:m@http://127.0.0.1:1/v1")
    for name, value in settings.as_env().items():
        monkeypatch.setenv(name, value)
    assert Settings.from_env() == settings


def test_a_relative_library_stays_the_same_place_in_another_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(Path("mine")).as_env()["VLM_LIBRARY"] == str(tmp_path / "mine")


def test_the_default_library_is_in_the_data_folder_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_library().name == "library"
    assert default_library().is_relative_to(Path.home()) or default_library().is_relative_to(
        tmp_path
    )
