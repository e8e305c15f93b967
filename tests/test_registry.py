"""Names into models: the table, folders on disk, servers, and what is said about wrong names."""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import replace
from importlib.util import find_spec as find_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlm import registry
from vlm.checkpoint import recognise
from vlm.errors import ExtraMissing, ModelFileDamaged, PathMissing, TaskUnsupported, UnknownModel
from vlm.extras import EXTRAS, installed_extras
from vlm.fakes import ColourEmbedder, EchoDescriber
from vlm.models import DEFAULT_DESCRIBER, DEFAULT_EMBEDDER, MODELS, ModelSpec, Role
from vlm.protocols import Describer, Embedder
from vlm.registry import find_spec, load_describer, load_embedder


@pytest.fixture(autouse=True)
def _nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_loaded", {})


def backend(monkeypatch: pytest.MonkeyPatch, **contents: Any) -> None:
    """A backend module that exists for one test."""
    module = ModuleType("vlm.backend_of_a_test")
    module.__dict__.update(contents)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def table_row(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    row = replace(find_spec("embed", "fake")[0], name="tested", **changes)
    monkeypatch.setattr(registry, "MODELS", (*MODELS, row))


def test_the_fakes_load_by_name() -> None:
    assert isinstance(load_embedder("fake"), ColourEmbedder)
    assert isinstance(load_describer("fake"), EchoDescriber)
    assert isinstance(load_embedder("fake"), Embedder)
    assert isinstance(load_describer("fake"), Describer)


def test_the_defaults_need_no_download() -> None:
    for role, name in (("embed", DEFAULT_EMBEDDER), ("describe", DEFAULT_DESCRIBER)):
        spec, folder = find_spec(role, name)  # type: ignore[arg-type]
        assert (spec.tier, spec.extra, spec.hub_id, folder) == ("embedded", "", "", None)


def test_names_are_unique_within_a_role_and_rows_are_complete() -> None:
    names = [(spec.role, spec.name) for spec in MODELS]
    assert len(names) == len(set(names))
    for spec in MODELS:
        assert spec.licence and spec.note and spec.extra in EXTRAS
        if spec.hub_id:
            assert spec.parameters_m and spec.disk_gb
            assert spec.hub_id.count("/") == 1 or "@" in spec.hub_id


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: f"{spec.role}-{spec.name}")
def test_every_row_names_a_factory_that_exists(spec: ModelSpec) -> None:
    module, _, attribute = spec.factory.partition(":")
    found = find_module(module)
    assert found is not None and found.origin is not None
    source = Path(found.origin).read_text(encoding="utf-8")
    assert f"def {attribute}(" in source or f"class {attribute}" in source


def test_a_model_is_loaded_once() -> None:
    assert load_embedder("fake") is load_embedder("fake")


def test_threads_that_want_one_model_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made, meet = [], threading.Barrier(4, timeout=10)

    def load(spec: ModelSpec, folder: Path | None) -> Any:
        made.append(spec)
        threading.Event().wait(0.05)
        return ColourEmbedder()

    backend(monkeypatch, load=load)
    table_row(monkeypatch, factory="vlm.backend_of_a_test:load")
    found = []

    def ask() -> None:
        meet.wait()
        found.append(load_embedder("tested"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(found) == 4 and len(set(map(id, found))) == 1


def test_a_failure_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    backend(monkeypatch)
    table_row(monkeypatch, factory="vlm.backend_of_a_test:load")
    with pytest.raises(AttributeError):
        load_embedder("tested")
    backend(monkeypatch, load=lambda spec, folder: ColourEmbedder())
    assert isinstance(load_embedder("tested"), ColourEmbedder)


def test_an_unknown_name_lists_the_known_and_the_closest() -> None:
    with pytest.raises(UnknownModel, match=r"'clip-b31'\. Did you mean 'clip-b32'\?.*starter"):
        load_embedder("clip-b31")


def test_the_fakes_are_not_advertised() -> None:
    with pytest.raises(UnknownModel) as caught:
        load_embedder("nothing-like-it")
    assert "fake" not in str(caught.value)


def test_a_model_of_the_other_role_is_not_unknown() -> None:
    with pytest.raises(TaskUnsupported, match=r"'blip-base' cannot .*vectors.*siglip2-b32-256"):
        load_embedder("blip-base")
    with pytest.raises(TaskUnsupported, match=r"'clip-b32' cannot .*words.*blip-base"):
        load_describer("clip-b32")


@pytest.mark.parametrize(
    "name", ["./nowhere", "/nowhere/at/all", "~/nowhere", "~nowhere-lives", "models/x"]
)
def test_a_path_that_is_not_there_is_called_a_path(name: str) -> None:
    with pytest.raises(PathMissing, match=r"nowhere|models/x"):
        load_embedder(name)


@given(name=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_name_is_found_or_refused_in_words(name: str) -> None:
    for role in ("embed", "describe"):
        try:
            spec, _ = find_spec(role, name)  # type: ignore[arg-type]
        except (UnknownModel, PathMissing, TaskUnsupported, ModelFileDamaged) as error:
            assert str(error)
        else:
            assert spec.role == role


def test_a_server_is_a_describer_and_no_embedder() -> None:
    name = "openai:qwen3-vl@http://127.0.0.1:8000/v1"
    spec, folder = find_spec("describe", name)
    assert (spec.name, spec.tier, folder) == (name, "remote", None)
    with pytest.raises((UnknownModel, PathMissing)):
        find_spec("embed", name)


def test_a_missing_package_names_the_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(spec: ModelSpec, folder: Path | None) -> Any:
        raise ModuleNotFoundError("No module named 'absent'", name="absent")

    backend(monkeypatch, load=load)
    monkeypatch.setitem(EXTRAS, "torch", ("numpy", "a_package_that_is_absent"))
    table_row(monkeypatch, factory="vlm.backend_of_a_test:load", extra="torch")
    with pytest.raises(ExtraMissing) as caught:
        load_embedder("tested")
    assert "'tested' needs a_package_that_is_absent" in str(caught.value)
    assert "pip install 'vlm-assistant[torch]'" in str(caught.value)
    assert installed_extras()["torch"] is False


def test_an_import_that_fails_for_another_reason_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    table_row(monkeypatch, factory="vlm.no_such_backend:load")
    with pytest.raises(ModuleNotFoundError, match="no_such_backend"):
        load_embedder("tested")


def checkpoint(folder: Path, **files: Any) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(exist_ok=True)
        (path.with_name(path.name + ".json")).write_text(json.dumps(content))
    (folder / "model.safetensors").write_bytes(b"")
    return folder


@pytest.mark.parametrize(
    ("files", "role", "factory"),
    [
        ({"open_clip_config": {}}, "embed", "vlm.openclip:load"),
        ({"open_clip_config": {}, "config": {}}, "embed", "vlm.openclip:load"),
        ({"modules": [], "config": {}}, "embed", "vlm.sentence_clip:load"),
        ({"config": {"model_type": "blip"}}, "describe", "vlm.blip:load"),
        ({"vqa__config": {}}, "describe", "vlm.blip:load"),
        ({"config": {"model_type": "florence2"}}, "describe", "vlm.florence:load"),
        ({"config": {"model_type": "llava"}}, "describe", "vlm.chat_template:load"),
        ({"config": {"model_type": "smolvlm"}}, "describe", "vlm.chat_template:load"),
        ({"config": {"model_type": "idefics3"}}, "describe", "vlm.chat_template:load"),
        ({"config": {"model_type": "qwen3_vl"}}, "describe", "vlm.chat_template:load"),
    ],
)
def test_a_checkpoint_folder_is_recognised(
    files: dict[str, Any], role: Role, factory: str, tmp_path: Path
) -> None:
    folder = checkpoint(tmp_path, **files)
    spec, found = find_spec(role, str(folder))
    assert (spec.factory, spec.role, spec.name, found) == (factory, role, str(folder), folder)
    other: Role = "describe" if role == "embed" else "embed"
    with pytest.raises(ModelFileDamaged, match=r"not for this\. Use it with --"):
        recognise(folder, other)


def test_an_unknown_folder_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelFileDamaged, match=r"open_clip_config\.json .*modules\.json .*config"):
        load_embedder(str(tmp_path))


def test_an_unknown_kind_of_model_says_which_are_known(tmp_path: Path) -> None:
    checkpoint(tmp_path, config={"model_type": "bert"})
    with pytest.raises(ModelFileDamaged, match=r"'bert' is not supported\. Supported are: blip"):
        load_describer(str(tmp_path))


def test_a_broken_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelFileDamaged, match=r"config\.json: cannot be read"):
        load_describer(str(tmp_path))


def test_a_folder_without_weights_and_one_with_pickles_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llava"}')
    with pytest.raises(ModelFileDamaged, match="holds no weights"):
        load_describer(str(tmp_path))
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(ModelFileDamaged, match=r"pickled weights \(pytorch_model\.bin\)"):
        load_describer(str(tmp_path))
