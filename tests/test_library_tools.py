"""A library as the assistant may use it: what it tells, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from index.build import build
from index.library import Library
from index.library_tools import LibraryTools
from vlm.assistant import Count
from vlm.errors import PathMissing, PhotoOutside, QueryInvalid
from vlm.fakes import ColourEmbedder


@pytest.fixture
def tools(photos: Path, tmp_path: Path) -> Iterator[LibraryTools]:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2023:05:17 10:00:00"
    exif[0x0110] = "Pinhole 2"
    Image.new("RGB", (64, 48), "red").save(photos / "dated.jpg", exif=exif)
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], ColourEmbedder())
        yield LibraryTools(library, ColourEmbedder())


def names(finding: object) -> list[str]:
    return [document.page_content for document in finding.documents]  # type: ignore[attr-defined]


def test_a_search_gives_documents_with_their_bands(tools: LibraryTools, photos: Path) -> None:
    found = tools.search("red", 2)
    assert found.matches
    assert set(names(found)) == {"red.png", "dated.jpg"}
    data = found.documents[0].metadata
    assert set(data) == {"path", "score", "band", "taken_at"}
    assert data["band"] == "strong"


def test_similar_photos_of_a_file_leave_it_out_and_of_an_image_do_not(
    tools: LibraryTools, photos: Path
) -> None:
    assert names(tools.similar(photos / "red.png", 1)) == ["dated.jpg"]
    assert set(names(tools.similar(Image.new("RGB", (9, 9), "red"), 2))) == {"red.png", "dated.jpg"}


def test_photos_are_counted_by_band(tools: LibraryTools) -> None:
    assert tools.count("red") == Count(strong=2, maybe=0, among=4)


def test_days_are_those_of_the_photo_and_not_of_the_copy(tools: LibraryTools) -> None:
    facets = tools.facets()
    assert (facets.photos, facets.days, facets.undated) == (4, (("2023-05-17", 1),), 3)
    assert facets.cameras == (("Pinhole 2", 1),)


def test_only_photos_of_the_library_are_opened(
    tools: LibraryTools, photos: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    Image.new("RGB", (8, 8)).save(other)
    assert tools.look(photos / "sub" / ".." / "red.png", 64).size == (64, 48)
    for path in (other, Path("/etc/passwd"), photos / ".." / "other.png", Path("red.png")):
        for ask in (lambda p: tools.look(p, 64), tools.similar, lambda p: tools.facets([p])):
            with pytest.raises(PhotoOutside):
                ask(path)  # type: ignore[operator]
    with pytest.raises(QueryInvalid):
        tools.search(f"like:{other}")


def test_a_photo_that_was_deleted_since_is_missing(tools: LibraryTools, photos: Path) -> None:
    (photos / "red.png").unlink()
    with pytest.raises(PathMissing):
        tools.look(photos / "red.png", 64)
