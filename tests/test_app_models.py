"""The Models page, through the entry script of the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import checked, choose, library_of, opened
from streamlit.testing.v1 import AppTest

from ui.models_page import measuring
from ui.settings import Settings
from vlm.fakes import ColourEmbedder, EchoDescriber
from vlm.models import MODELS


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def shown(app: AppTest) -> str:
    return "\n".join(text.value for text in app.main.text)


def beside(app: AppTest) -> list[str]:
    return [text.value for text in app.sidebar.text]


def test_every_model_is_told_in_words_and_nothing_large_comes_without_its_size(
    library: Settings,
) -> None:
    app = opened("models")
    names = [header.value.replace("\\", "") for header in app.main.subheader]
    assert set(names) == {spec.name for spec in MODELS}
    assert "Not for business use" in shown(app)
    assert "Has looked at 3 photos" in shown(app)
    fetching = [button.label for button in app.main.button if "Download" in button.label]
    assert all(" GB" in label or " MB" in label for label in fetching)


def test_a_model_that_has_not_seen_the_photos_says_so_when_it_is_chosen(library: Settings) -> None:
    app = opened("models")
    app.button(key="use-embed-starter").click().run()
    assert "has not looked at your photos yet" in checked(app).main.info[0].value
    assert "Search: starter" in beside(app)
    app.switch_page("views/search.py").run()
    assert "Search: starter" in beside(checked(app))


def test_a_server_is_used_only_with_an_address_and_says_where_photos_go(library: Settings) -> None:
    app = opened("models")
    app.text_input(key="remote_model").set_value("qwen3-vl")
    app.text_input(key="remote_url").set_value("not an address")
    app.button(key="use_remote").click().run()
    assert "openai:MODEL@" in checked(app).main.error[0].value.replace("\\", "")
    assert "Descriptions: fake" in beside(app)
    app.text_input(key="remote_url").set_value("http://10.0.0.1:8000/v1")
    app.button(key="use_remote").click().run()
    assert "Photos you ask about are sent to http://10.0.0.1:8000/v1." in beside(checked(app))
    assert not any("password" in str(field.proto) for field in app.main.text_input)


def use_folder(app: AppTest, folder: Path, use: str) -> AppTest:
    app.text_input(key="local_path").set_value(str(folder))
    app.radio(key="local_use").set_value(use)
    app.button(key="use_local").click().run()
    return checked(app)


def test_a_model_from_a_folder_is_used_and_what_is_none_is_said(
    library: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "checkpoint"
    app = use_folder(opened("models"), folder, "Searching")
    assert "no such file or folder" in app.main.error[0].value
    folder.mkdir()
    app = use_folder(app, folder, "Searching")
    assert str(folder) in app.main.error[0].value.replace("\\", "")
    (folder / "config.json").write_text('{"model_type": "smolvlm"}')
    (folder / "model.safetensors").write_bytes(b"weights")
    app = use_folder(app, folder, "Searching")
    assert "not for this" in app.main.error[0].value
    app = use_folder(app, folder, "Descriptions and answers")
    assert list(app.main.error) == []
    assert f"Descriptions: {folder}" in beside(app)


def test_how_fast_the_models_are_is_measured_where_they_run(library: Settings) -> None:
    app = opened("models")
    app.button(key="measure").click().run()
    told = [line.value.replace("\\", "") for line in checked(app).main.markdown]
    search = next(line for line in told if "fake looks at" in line)
    assert "pictures a second" in search and "for the words of a search" in search
    assert any("fake wrote" in line and "the first after" in line for line in told)


def test_speeds_are_those_of_a_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    monkeypatch.setattr(measuring, "perf_counter", lambda: float(next(ticks)))
    said = measuring.said_speed(EchoDescriber())
    assert said.first == 1.0
    assert said.seconds >= said.words > 1
    assert measuring.found_speed(ColourEmbedder(), 8) == measuring.Found(8.0, 0.25)


def test_the_machine_is_checked_when_that_is_asked_for(library: Settings) -> None:
    app = opened("models")
    app.button(key="check").click().run()
    found = [markdown.value for markdown in checked(app).main.markdown]
    assert any("**library**" in line and "3 photos" in line for line in found)
