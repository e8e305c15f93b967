"""The catalogue: what is known of every photo, and its vectors. The only truth of a library."""

from __future__ import annotations

from index.catalogue.care import CatalogueCare
from index.catalogue.drafts import CatalogueDrafts
from index.catalogue.files import CatalogueFiles
from index.catalogue.ledger import CatalogueLedger
from index.catalogue.photos import CataloguePhotos
from index.catalogue.scans import CatalogueScans


class Catalogue(
    CatalogueFiles,
    CataloguePhotos,
    CatalogueScans,
    CatalogueCare,
    CatalogueDrafts,
    CatalogueLedger,
):
    """One connection to ``catalogue.db``; to be used by one thread at a time.

    Its parts, by purpose: files and facts, models and vectors, words and notes, photos as searches
    see them, what runs of indexing remember, care, and the ledger of alternative texts.
    """
