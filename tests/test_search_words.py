"""Words of photos in a search: what a person expects to find by them, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from known_photos import BLUE, GREEN, RED, Known, fill

from index.catalogue.records import Note
from index.library import Library
from index.records import Facts, Hit
from index.search.search import search_text
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()


def said(description: str | None = None, *keywords: str) -> Facts:
    return Facts("JPEG", 4, 3, description=description, keywords=keywords)


PHOTOS = [
    Known("rome/red.jpg", RED),
    Known("rome/IMG_1234.jpg", GREEN),
    Known("rome/IMG_12345.jpg", GREEN),
    Known("long beach meeting/talk.jpg", BLUE),
    Known("long beach meeting/lunch.jpg", BLUE),
    Known("2023/a.jpg", BLUE, said(None, "beach", "red")),
    Known("2023/b.jpg", GREEN, said("Ann eats ice cream on the beach")),
    Known("2023/c.jpg", BLUE, ocr="NO ENTRY\nexcept buses"),
    Known("2023/d.jpg", GREEN, said("A café in Paris", "Paris")),
    Known("2022/e.jpg", GREEN),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("library"), create=True) as library:
        fill(library, PHOTOS)
        yield library


def hits(library: Library, query: str) -> dict[str, Hit]:
    return {hit.path.name: hit for hit in search_text(library, FAKE, query).hits}


def likely(library: Library, query: str) -> list[tuple[str, str]]:
    found = hits(library, query)
    return [(name, hit.band) for name, hit in found.items() if hit.band != "weak"]


@pytest.mark.parametrize("query", ["IMG_1234", "img_1234", "IMG_1234.jpg", "img_1234.JPG"])
def test_the_name_of_a_file_finds_that_file_surely(library: Library, query: str) -> None:
    assert likely(library, query) == [("IMG_1234.jpg", "strong")]


def test_a_keyword_is_sure_and_first_whatever_the_photo_looks_like(library: Library) -> None:
    found = hits(library, "beach")
    assert list(found)[:4] == ["a.jpg", "b.jpg", "talk.jpg", "lunch.jpg"]
    assert [found[name].band for name in list(found)[:5]] == ["strong"] + ["maybe"] * 3 + ["weak"]
    assert found["a.jpg"].why["keywords"] == 1
    assert found["b.jpg"].why["caption"] == pytest.approx(0.8)


def test_a_word_of_a_long_query_in_the_name_of_a_folder_is_a_coincidence(library: Library) -> None:
    found = hits(library, "a red dog on the beach")
    assert next(iter(found)) == "red.jpg"
    assert all("folder" not in hit.why for hit in found.values())
    assert [name for name, hit in found.items() if hit.band != "weak"] == ["red.jpg"]


def test_words_may_stand_in_several_channels_together(library: Library) -> None:
    found = hits(library, "paris 2023")
    assert next(iter(found)) == "d.jpg"
    assert set(found["d.jpg"].why) == {"vector", "folder", "keywords", "caption"}
    assert found["d.jpg"].band == "maybe"


def test_what_most_photos_have_says_nothing(library: Library) -> None:
    result = search_text(library, FAKE, "pictures")
    assert result.answer == "nothing"
    assert all(set(hit.why) == {"vector"} for hit in result.hits)


def test_fillers_and_unknown_words_match_nothing(library: Library) -> None:
    assert search_text(library, FAKE, "the photo of an").answer == "nothing"
    assert search_text(library, FAKE, "zebra").answer == "nothing"


def test_accents_and_case_do_not_matter(library: Library) -> None:
    assert likely(library, "CAFE") == [("d.jpg", "maybe")]


def test_quoted_words_must_stand_with_the_photo(library: Library) -> None:
    assert likely(library, '"no entry"') == [("c.jpg", "maybe")]
    assert list(hits(library, '"ice cream" red')) == ["b.jpg"]
    assert hits(library, '"entry no"') == {}


def test_a_subtracted_word_takes_away_what_carries_it(library: Library) -> None:
    assert likely(library, "beach -red")[0] == ("b.jpg", "maybe")
    found = hits(library, "beach -red")
    assert found["a.jpg"].band == "weak"
    assert found["a.jpg"].why["keywords"] == pytest.approx(0, abs=0.02)


def test_subtracting_orders_but_does_not_decide_what_matches(library: Library) -> None:
    plain, without = hits(library, "2:red"), hits(library, "2:red -blue")
    assert plain["red.jpg"].band == without["red.jpg"].band == "strong"
    assert without["talk.jpg"].score < plain["talk.jpg"].score


def test_text_caption_and_keyword_search_only_there(library: Library) -> None:
    assert list(hits(library, "text:entry")) == ["c.jpg"]
    assert list(hits(library, 'caption:"ice cream"')) == ["b.jpg"]
    assert list(hits(library, "keyword:paris")) == ["d.jpg"]
    assert hits(library, "text:paris") == {}
    assert list(hits(library, "keyword:beach keyword:red")) == ["a.jpg"]
    assert "c.jpg" not in hits(library, "red -text:entry")


def test_photos_found_by_filters_alone_are_sure_and_say_why(library: Library) -> None:
    (hit,) = hits(library, "text:entry").values()
    assert (hit.band, hit.score, hit.why) == ("strong", 0.0, {"ocr": pytest.approx(0.6)})
    (hit,) = hits(library, "file:img_1234.*").values()
    assert (hit.path, hit.why) == (Path("/pictures/rome/IMG_1234.jpg"), {"filters": 1.0})


def test_what_a_model_wrote_is_found_only_where_it_is_asked_for(tmp_path: Path) -> None:
    with Library.open(tmp_path, create=True) as library:
        fill(library, [Known("a.jpg", RED), Known("b.jpg", GREEN)])
        catalogue = library.catalogue
        digest = bytes(32)  # of the first
        catalogue.put_note(digest, Note("caption", "A wolf in snow", "model", "2026", "starter"))
        assert list(hits(library, "caption:wolf")) == ["a.jpg"]
        assert list(hits(library, '"wolf in snow" red')) == ["a.jpg"]
        assert all(set(hit.why) == {"vector"} for hit in hits(library, "wolf").values())
        catalogue.put_note(digest, Note("caption", "My wolf", "human", "2026"))
        assert "caption" in hits(library, "wolf")["a.jpg"].why


def test_weak_hits_come_last(library: Library) -> None:
    for query in ("beach", "red", "IMG_1234", "2:red 0.5:green -blue", "paris"):
        bands = [hit.band for hit in hits(library, query).values()]
        order = ["strong", "maybe", "weak"]
        assert bands == sorted(bands, key=order.index)
