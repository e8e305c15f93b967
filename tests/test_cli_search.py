"""`vlm search` with queries that filter, weigh, subtract, or cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import Ran, run

from ui.query_command import words_last
from ui.query_errors import pointed
from vlm.errors import QueryInvalid


@pytest.fixture
def library(photos: Path, tmp_path: Path) -> Path:
    ran = run("index", photos, "--library", tmp_path / "library", "--model", "fake")
    assert ran.code == 0
    return tmp_path / "library"


def search(library: Path, *arguments: object) -> Ran:
    return run("search", "--library", library, "--model", "fake", *arguments)


def test_why_says_which_channels_found_a_photo(library: Path) -> None:
    document = search(library, "red", "--json").document
    first, *others = document["hits"]
    assert first["why"] == {"vector": 1.0, "name": 0.6}
    assert [hit["why"] for hit in others] == [{"vector": 0.9839}, {"vector": 0.9683}]


def test_a_filter_that_leaves_nothing_is_explained_beside_the_results(library: Path) -> None:
    ran = search(library, "red type:gif")
    assert (ran.code, ran.stdout) == (0, "")
    assert ran.stderr.strip() == "No photo is a gif; there are: jpeg, png, webp."
    ran = search(library, "red type:gif", "--json")
    assert (ran.document["answer"], ran.document["hits"]) == ("nothing", [])
    assert "No photo is a gif" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["-type:png"], ["green.jpg", "blue.webp"]),
        (["red", "-type:jpg", "-k", "1"], ["red.png"]),
        (["-k1", "red", "-green"], ["red.png"]),
        (["--", "-type:png", "-type:jpg"], ["blue.webp"]),
    ],
)
def test_words_may_begin_with_a_minus_sign(
    library: Path, arguments: list[str], names: list[str]
) -> None:
    ran = search(library, *arguments)
    assert ran.code == 0
    assert sorted(Path(line.split("\t")[2]).name for line in ran.stdout.splitlines()) == sorted(
        names
    )


@pytest.mark.parametrize(
    "wrong", [["red", "--jsn"], ["red", "-z"], ["red", "-k"], ["-k", "x", "red"]]
)
def test_options_that_do_not_exist_or_lack_a_value_are_still_refused(wrong: list[str]) -> None:
    ran = run("search", *wrong)
    assert (ran.code, ran.stdout) == (2, "")
    assert "Usage: " in ran.stderr


def test_a_query_that_cannot_be_read_is_shown_with_a_mark_under_the_character(
    library: Path,
) -> None:
    ran = search(library, "a cat tyep:png")
    assert (ran.code, ran.stdout) == (2, "")
    message, query, mark = ran.stderr.splitlines()
    assert message.startswith("error: Cannot read the query: there is no 'tyep:'; did you mean")
    assert query[mark.index("^") :] == "tyep:png"


@pytest.mark.parametrize(
    ("query", "position", "shown", "below"),
    [
        ("東京 in:", 3, "東京 in:", "in:"),
        ("a\x1b[2J in:", 6, r"a\x1b[2J in:", "in:"),
        ("x" * 300 + " in: " + "y" * 300, 301, None, "in:"),
    ],
)
def test_the_mark_is_under_the_character_whatever_comes_before_it(
    query: str, position: int, shown: str | None, below: str
) -> None:
    _, line, mark = pointed(QueryInvalid(query, "a reason", position))
    columns = "".join("ww" if character in "東京" else character for character in line)
    assert columns[mark.index("^") :].startswith(below)
    assert shown is None or line.strip() == shown
    assert len(line) < 100


def test_words_are_told_from_options() -> None:
    options = {"-k": True, "--hits": True, "--json": False, "-h": False}
    told = {
        "-k 3 cat": "-k 3 -- cat",
        "cat --hits 3 -dog --json": "--hits 3 --json -- cat -dog",
        "-h": "-h",
        "-hat": "-- -hat",
        "-- --json -k": "-- --json -k",
        "cat -x": "-x -- cat",
    }
    for typed, expected in told.items():
        assert words_last(typed.split(), options) == expected.split()
