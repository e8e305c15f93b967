"""The catalogue as a source of vectors: keys, all and some of them speak of the same photos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from drawn_photos import draw

from index.build import build
from index.catalogue_vectors import CatalogueVectors
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
