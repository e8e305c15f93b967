"""The catalogue as a source of vectors: keys, all and some of them speak of the same photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from drawn_photos import draw

from index.backup import back_up, restore
from index.build import build
from index.catalogue.vectors import CatalogueVectors
from index.library import Library
from vlm.fakes import ColourEmbedder


def test_keys_and_vectors_agree_after_photos_moved_changed_and_went(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    draw(photos, 30)
    fake = ColourEmbedder()
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], fake, workers=1)
        first, second, third, *_ = sorted(photos.iterdir())
        first.unlink()
        second.rename(photos / "zz.jpg")
        third.write_bytes((photos / "zz.jpg").read_bytes())
        build(library, [photos], fake, workers=1)
        catalogue = library.catalogue
        with catalogue.snapshot():
            source = CatalogueVectors(catalogue, library.model_of(fake))
            keys, rows = source.keys(), np.concatenate(list(source.all()))
            some = source.some(keys.ids[[3, 7]])
            none = source.some(keys.ids[:0])
        contents = {c.id: c.hash[:8] for c in catalogue.contents()}
    assert len(keys.ids) == len(rows) == 29
    assert (np.diff(keys.ids) > 0).all()
    assert [tag.tobytes() for tag in keys.tags] == [contents[i] for i in keys.ids.tolist()]
    assert len(set(keys.tags.tolist())) == 28  # two hold the same photo
    assert (some == rows[[3, 7]]).all()
    assert none.shape == (0, fake.dim)


def test_a_library_that_is_replaced_by_a_backup_while_it_is_open_is_searched_as_it_is_now(
    tmp_path: Path,
) -> None:
    fake, photos = ColourEmbedder(), tmp_path / "photos"
    draw(photos, 3)
    with (
        Library.open(tmp_path / "one", create=True) as one,
        Library.open(tmp_path / "two", create=True) as two,
    ):
        build(one, [photos], fake, workers=1)
        back_up(tmp_path / "one", tmp_path / "backup")
        draw(photos, 9, seed=1)
        build(two, [photos], fake, workers=1)
        assert two.vectors(fake).ntotal == 9
        restore(tmp_path / "backup", tmp_path / "two", force=True)
        assert two.vectors(fake).ntotal == 3
        assert two.vectors(fake).stamp.library == two.catalogue.library_id()
