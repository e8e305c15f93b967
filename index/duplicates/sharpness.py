"""Which shots of bursts are sharpest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future

import numpy as np
from PIL import Image

from index.catalogue.records import Content
from index.decoding.decode import Decoded, Decoder
from vlm.errors import ImageUnreadable
from vlm.protocols import ImageInput

_SEEN = ImageInput(512, "squash")


def sharpest(runs: Sequence[Sequence[Content]], workers: int) -> Iterator[Content]:
    """The sharpest photo of each run; the first one where none can be read."""
    if not runs:
        return
    with Decoder(_SEEN, workers) as decoder:
        for run in runs:
            jobs = [decoder.submit(photo.path) for photo in run]
            found = [_sharpness(job) for job in jobs]
            yield run[found.index(max(found))]


def _sharpness(job: Future[Decoded]) -> float:
    try:
        image = job.result().image
    except ImageUnreadable:
        return 0.0
    return 0.0 if image is None else sharpness(image)


def sharpness(image: Image.Image) -> float:
    """Variance of the Laplacian of brightness (J. L. Pech-Pacheco et al., 2000), 0 or more.

    Comparable between shots of one scene in one size only.
    """
    grey = np.asarray(image.convert("L"), np.float32)
    inner = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * inner).var())
