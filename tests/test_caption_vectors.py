"""Captions by people are found by what they mean, beside the photos themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from index.build import build
from index.catalogue.records import Author, Note
from index.library import Library
from index.records import Hit
from index.search.caption_vectors import CHANNEL, NearCaptions, with_captions
from index.search.search import search_text
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors


class Counting(ColourEmbedder):
    """Fake: counts the texts that it embeds."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return super().embed_texts(texts)


@pytest.fixture
def library(tmp_path: Path, photos: Path) -> Library:
    """The three photos, and a grey one."""
    Image.new("RGB", (20, 20), "grey").save(photos / "grey.png")
    opened = Library.open(tmp_path / "library", create=True)
    build(opened, [photos], ColourEmbedder(), workers=1)
    return opened


def said(library: Library, name: str, text: str, author: Author = "human") -> None:
    catalogue = library.catalogue
    digest = next(c.hash for c in catalogue.contents() if c.path.name == name)
    catalogue.put_note(digest, Note("caption", text, author, "2026", "some model"))


def again(library: Library, photos: Path, embedder: ColourEmbedder | None = None) -> None:
    build(library, [photos], embedder or ColourEmbedder(), workers=1)


def file(library: Library) -> Path:
    return library.folder / "vectors-fake-1.captions"


def hit(library: Library, query: str, name: str) -> Hit:
    hits = search_text(library, ColourEmbedder(), query).hits
    return next(found for found in hits if found.path.name == name)


def test_a_caption_that_means_what_is_asked_lifts_its_photo_and_says_why(
    library: Library, photos: Path
) -> None:
    plain = hit(library, "red", "grey.png")
    assert plain.band == "weak" and CHANNEL not in plain.why
    said(library, "grey.png", "some red bricks")
    again(library, photos)
    lifted = hit(library, "red things", "grey.png")
    assert lifted.band == "maybe" and lifted.why[CHANNEL] > 0.49
    assert CHANNEL not in hit(library, "red things", "green.jpg").why
    assert CHANNEL not in hit(library, "blue", "grey.png").why


def test_what_a_model_says_is_not_compared(library: Library, photos: Path) -> None:
    said(library, "grey.png", "some red bricks", "model")
    again(library, photos)
    assert not file(library).exists()
    assert CHANNEL not in hit(library, "red things", "grey.png").why


def test_what_the_file_says_is_compared_unless_a_person_says_something_else(
    library: Library, photos: Path
) -> None:
    (photos / "grey.png.xmp").write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
        '<rdf:li xml:lang="x-default">some red bricks</rdf:li></rdf:Alt></dc:description>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    again(library, photos)
    assert CHANNEL in hit(library, "red things", "grey.png").why
    said(library, "grey.png", "the blue door")
    again(library, photos)
    assert CHANNEL in hit(library, "blue things", "grey.png").why
    assert CHANNEL not in hit(library, "red things", "grey.png").why


def test_each_caption_is_embedded_once(library: Library, photos: Path) -> None:
    said(library, "grey.png", "some red bricks")
    embedder = Counting()
    again(library, photos, embedder)
    assert embedder.texts == ["some red bricks"]
    said(library, "red.png", "a red wall")
    again(library, photos, embedder)
    again(library, photos, embedder)
    assert embedder.texts == ["some red bricks", "a red wall"]


def test_captions_of_photos_that_changed_since_are_not_compared_until_they_are_indexed(
    library: Library, photos: Path
) -> None:
    said(library, "grey.png", "some red bricks")
    again(library, photos)
    with library.catalogue.transaction():
        library.catalogue.mark_missing([bytes(photos / "green.jpg")])
    assert CHANNEL not in hit(library, "red things", "grey.png").why
    again(library, photos)
    assert CHANNEL in hit(library, "red things", "grey.png").why


def test_the_file_goes_with_the_last_caption(library: Library, photos: Path) -> None:
    said(library, "grey.png", "some red bricks")
    again(library, photos)
    assert file(library).exists()
    (photos / "grey.png").unlink()
    again(library, photos)
    assert not file(library).exists()


@pytest.mark.parametrize("damage", ["cut", "turned"])
def test_a_damaged_file_is_not_believed_and_made_again(
    damage: str, library: Library, photos: Path
) -> None:
    said(library, "grey.png", "some red bricks")
    again(library, photos)
    whole = file(library).read_bytes()
    broken = whole[:-9] if damage == "cut" else bytes([whole[0] ^ 255]) + whole[1:]
    file(library).write_bytes(broken)
    assert CHANNEL not in hit(library, "red things", "grey.png").why
    again(library, photos)
    assert file(library).read_bytes() == whole


def test_filters_hold_for_captions_too(library: Library, photos: Path) -> None:
    said(library, "grey.png", "some red bricks")
    again(library, photos)
    found = search_text(library, ColourEmbedder(), "red things type:jpeg").hits
    assert [h.path.name for h in found] == ["green.jpg"]


def test_a_caption_of_what_is_subtracted_makes_no_match(library: Library, photos: Path) -> None:
    said(library, "grey.png", "some red bricks")
    again(library, photos)
    assert hit(library, "red things -bricks", "grey.png").band == "weak"


def test_photos_without_captions_keep_their_order_and_a_whole_share() -> None:
    nearest = [(1, 0.5), (2, 0.4), (3, 0.3)]
    alone = with_captions(nearest, NearCaptions({}))
    assert [round(sum(alone[n].values()), 6) for n in (1, 2, 3)] == [
        1.0,
        *(pytest.approx(61 / (60 + rank), abs=1e-6) for rank in (2, 3)),
    ]
    lifted = with_captions(nearest, NearCaptions({3: 0.25}))
    totals = {number: sum(part.values()) for number, part in lifted.items()}
    assert totals[1] > totals[3] > totals[2]
