"""The catalogue: what is known of every photo, and its vectors. The only truth of a library."""

from __future__ import annotations

from index.catalogue.care import CatalogueCare
from index.catalogue.drafts import CatalogueDrafts
from index.catalogue.files import CatalogueFiles
from index.catalogue.pairs import CataloguePairs
from index.catalogue.photos import CataloguePhotos
from index.catalogue.reviews import CatalogueReviews
from index.catalogue.rewritten import CatalogueRewritten
from index.catalogue.scans import CatalogueScans
from index.catalogue.tallies import CatalogueTallies


class Catalogue(
    CatalogueFiles,
    CataloguePhotos,
    CataloguePairs,
    CatalogueTallies,
    CatalogueScans,
    CatalogueRewritten,
    CatalogueCare,
    CatalogueDrafts,
    CatalogueReviews,
):
    """One connection to ``catalogue.db``; to be used by one thread at a time.

    Its parts, by purpose: files and facts, models and vectors, words and notes, photos as searches
    see them, pairs of them and counts, what runs of indexing remember, files that were written
    anew, care, and the ledger of alternative texts with their review.
    """
