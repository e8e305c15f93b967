"""`vlm models`, `vlm doctor`, `vlm library`: what is here and what works."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import run, run_process

from ui.diagnosis import Check, diagnose
from ui.settings import Settings
from vlm import extras
from vlm.models import MODELS
from vlm.starter import weights


def test_the_table_of_models_has_a_line_for_each() -> None:
    ran = run("models")
    assert ran.code == 0
    head, *lines = ran.stdout.splitlines()
    assert head.split() == ["name", "role", "licence", "download", "state", "note"]
    assert [line.split()[0] for line in lines] == [spec.name for spec in MODELS]
    for line, spec in zip(lines, MODELS, strict=True):
        assert spec.licence in line
        assert line.endswith(spec.note)


def test_a_model_says_whether_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    states = {m["name"]: (m["installed"], m["on_disk"]) for m in run("models", "--json").document}
    assert states["fake"] == (True, True)
    assert not states["clip-b32"][1]
    monkeypatch.setitem(extras.EXTRAS, "torch", ("no_such_package",))
    lines = run("models").stdout.splitlines()
    assert "needs the extra [torch]" in next(x for x in lines if x.startswith("clip-b32 "))


def test_the_library_is_summed_up(photos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    run("index", photos, "--library", library, "--model", "fake")
    lines = run("library", "--library", library).stdout.splitlines()
    assert [line.split(maxsplit=1) for line in lines[:3]] == [
        ["folder", str(library)],
        ["photos", "3"],
        ["model", "fake: 3 photos"],
    ]
    assert lines[3].startswith("size")


def checks(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in diagnose(settings)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "library", model="fake", describer="fake")


def test_the_doctor_looks_at_everything(settings: Settings, photos: Path) -> None:
    run("index", photos, "--library", settings.library, "--model", "fake")
    found = checks(settings)
    assert list(found) == [
        "python",
        "packages",
        "runtime",
        "extra [torch]",
        "extra [remote]",
        "extra [ocr]",
        "extra [eval]",
        "extra [serve]",
        "starter models",
        "model cache",
        "model",
        "describer",
        "library",
    ]
    assert "onnxruntime" in found["packages"].detail
    assert found["runtime"].detail.startswith("cpu, float32: ") or "GPU" in found["runtime"].detail
    assert found["library"] == Check(
        "library", "ok", f"{settings.library}: 3 photos; by model: fake 3"
    )


def test_a_missing_library_or_extra_is_worth_a_note_and_no_failure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(extras.EXTRAS, "torch", ("no_such_package",))
    found = checks(settings)
    assert found["library"].state == "note"
    assert "vlm index" in found["library"].detail
    assert found["extra [torch]"].state == "note"
    assert "pip install 'vlm-assistant[torch]'" in found["extra [torch]"].detail


@pytest.mark.parametrize(
    ("changed", "name", "says"),
    [
        ({"model": "clip-b23"}, "model", "Unknown model 'clip-b23'"),
        ({"describer": "/no/such/folder"}, "describer", "/no/such/folder"),
    ],
)
def test_what_is_broken_is_named_and_the_exit_code_is_2(
    changed: dict[str, str], name: str, says: str, tmp_path: Path
) -> None:
    flags = [part for key, value in changed.items() for part in (f"--{key}", value)]
    ran = run("doctor", "--library", tmp_path / "library", *flags)
    assert ran.code == 2
    (line,) = [line for line in ran.stdout.splitlines() if line.split()[:2] == ["broken", name]]
    assert says in line


def test_altered_starter_files_are_found(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = weights.check_files
    monkeypatch.setattr(weights, "check_files", lambda: check(tmp_path))
    found = checks(settings)["starter models"]
    assert found.state == "broken"
    assert "the file is missing" in found.detail


def test_a_damaged_library_is_broken(settings: Settings, photos: Path) -> None:
    run("index", photos, "--library", settings.library, "--model", "fake")
    for extra in settings.library.glob("catalogue.db-*"):
        extra.unlink()
    (settings.library / "catalogue.db").write_bytes(b"no database" * 1000)
    found = checks(settings)["library"]
    assert found.state == "broken"
    assert "the catalogue is damaged" in found.detail


def test_the_version_is_told() -> None:
    ran = run_process("--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("vlm-assistant ")
