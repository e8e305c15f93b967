"""`--json` prints one document of a promised shape: every key, every time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runs import run

from vlm.models import MODELS


@pytest.fixture(autouse=True)
def _fake_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")


def shape(value: Any) -> Any:
    """The keys of a document and the types of its values."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_index_prints_its_report(photos: Path) -> None:
    (photos / "bad.jpg").write_text("this is text")
    (photos / ".hidden.jpg").touch()
    ran = run("index", photos, "--json")
    assert ran.code == 1
    assert shape({**ran.document, "stages": {}}) == {
        "added": "int",
        "updated": "int",
        "moved": "int",
        "unchanged": "int",
        "missing": "int",
        "skipped": [{"path": "str", "reason": "str"}],
        "seconds": "float",
        "photos_per_second": "float",
        "stages": {},
        "left_out": {"hidden": "int"},
        "noted": {"ocr": "int", "caption": "int"},
    }
    assert ran.document["added"] == 3
    assert ran.document["skipped"][0]["path"] == str(photos / "bad.jpg")
    assert all(seconds >= 0 for seconds in ran.document["stages"].values())


HITS = {
    "query": "str",
    "model": "str",
    "seconds": "float",
    "answer": "str",
    "hits": [
        {
            "path": "str",
            "score": "float",
            "band": "str",
            "why": {"vector": "float"},
            "taken_at": "str",
        }
    ],
}


def test_search_prints_the_query_its_answer_and_the_hits(photos: Path) -> None:
    run("index", photos)
    document = run("search", "a", "red", "thing", "--json", "-k", "2").document
    assert shape(document) == HITS
    assert (document["query"], document["model"]) == ("a red thing", "fake")
    assert document["answer"] == "matches"
    assert len(document["hits"]) == 2
    assert document["hits"][0]["path"] == str(photos / "red.png")
    assert document["hits"][0]["band"] == "strong"


def test_similar_has_the_shape_of_search_and_leaves_the_photo_itself_out(photos: Path) -> None:
    run("index", photos)
    document = run("similar", photos / "red.png", "--json").document
    assert shape(document) == HITS
    found = [hit["path"] for hit in document["hits"]]
    assert sorted(found) == [str(photos / "green.jpg"), str(photos / "sub" / "blue.webp")]


def test_caption_prints_a_list(photos: Path) -> None:
    document = run("caption", photos / "red.png", photos / "green.jpg", "--json").document
    assert shape(document) == [
        {"path": "str", "caption": "str", "model": "str", "seconds": "float"}
    ]
    assert document[1]["caption"].startswith("a green picture")


def test_ask_prints_one_answer(photos: Path) -> None:
    document = run("ask", photos / "red.png", "what", "colour?", "--json").document
    assert shape(document) == {
        "path": "str",
        "question": "str",
        "answer": "str",
        "model": "str",
        "seconds": "float",
    }
    assert document["question"] == "what colour?"
    assert document["answer"].startswith("what colour? a red picture")


def test_alt_prints_a_list(photos: Path) -> None:
    document = run("alt", photos, "--json").document
    assert shape(document) == [
        {
            "path": "str",
            "alt_text": "str",
            "model": "str",
            "seconds": "float",
            "status": "str",
            "author": "str",
            "role": "str",
            "extended": "str",
            "page": "NoneType",
            "line": "NoneType",
        }
    ]
    assert len(document) == 3


def test_models_lists_every_row_of_the_table() -> None:
    document = run("models", "--json").document
    assert [(m["name"], m["role"]) for m in document] == [(m.name, m.role) for m in MODELS]
    assert set(document[0]) == {
        "name",
        "role",
        "licence",
        "tier",
        "hub_id",
        "parameters_m",
        "disk_gb",
        "ram_gb",
        "languages",
        "extra",
        "installed",
        "on_disk",
        "note",
    }
    assert [m["on_disk"] for m in document if m["name"] == "clip-b32"] == [False]


def test_library_prints_what_it_holds(photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    document = run("library", "--json").document
    assert document.pop("bytes") > 0
    assert document == {
        "folder": str(tmp_path / "library"),
        "photos": 3,
        "models": {"fake": 3},
        "recall": {"fake": {"photos": 1.0, "texts": 1.0}},
    }


def test_doctor_prints_its_checks() -> None:
    document = run("doctor", "--json").document
    assert shape(document) == {
        "ok": "bool",
        "checks": [{"name": "str", "state": "str", "detail": "str"}],
    }
    assert {check["state"] for check in document["checks"]} <= {"ok", "note", "broken"}


def test_nothing_but_the_document_is_on_stdout_when_files_are_skipped(photos: Path) -> None:
    (photos / "empty.jpg").touch()
    for command in (("index",), ("caption",), ("alt",)):
        ran = run(*command, photos, "--json")
        assert ran.code == 1
        json.loads(ran.stdout)
        assert "skipped: " in ran.stderr
        assert "empty.jpg: the file is empty" in ran.stderr
