"""Text in photos: found, turned upright and read by PP-OCRv6 through RapidOCR (extra ``ocr``).

The models come inside RapidOCR's wheel and are named by path, so that nothing is ever downloaded.
They read print in Latin letters, Chinese and Japanese; rare accents and handwriting badly.
Long photos, such as panoramas and screenshots of chats, are read in overlapping pieces.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from math import ceil, sqrt
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, ImageOps

from vlm.errors import ModelFileDamaged
from vlm.extras import needs_extra
from vlm.onnx_session import available_cores
from vlm.reading_order import Box, reading_order

READ_SIZE = 960
"""Pixels of the short side that are looked at; letters of 10 of them can be read."""

CONFIDENCE = 0.8
"""Lines that are less sure are mostly no text: see docs/search.md."""

_MOST_PIXELS = 4 * READ_SIZE**2
_LEAST_SIDE = 8
_LONG = 3.0
"""A photo with sides farther apart than this is cut into pieces of that shape."""

_OVERLAP = 0.5
"""Of two pieces, as a share of their short side: shorter lines are whole in one of them."""

_TOUCHING = 3
"""Pixels between a line and the edge that cuts it."""

_SAME = 0.5
"""Lines of which so much lies in the same place are one."""

_Piece: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""

_BLOCK = 32
"""The detector takes whole blocks of so many pixels."""

_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}

_busy = threading.Lock()
"""RapidOCR keeps what it works on in the engine itself."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: ``confidence`` is 0 to 1; ``box`` is left, top, right, bottom, as shares of the
    photo's width and height."""

    text: str
    confidence: float
    box: Box


def read_text(image: Image.Image, *, confidence: float = CONFIDENCE) -> list[TextLine]:
    """The lines of text in an upright RGB image, in reading order; none for most photos.

    Raises `ExtraMissing` where RapidOCR is not installed, `ModelFileDamaged` where its models are.
    """
    engine = _engine()
    scaled = _scaled(image)
    if min(scaled.size) < _LEAST_SIDE:
        return []
    lines = [
        found
        for piece in _pieces(*scaled.size)
        for found in _read_piece(engine, scaled, piece)
        if found[1].confidence >= confidence
    ]
    once = _once(lines)
    return [once[at] for at in reading_order([line.box for line in once])]


def reader() -> str:
    """Which version of what reads; what another one wrote is read again. Raises `ExtraMissing`."""
    _check_installed()
    return f"rapidocr {version('rapidocr')}, {READ_SIZE} px, {CONFIDENCE:g}"


def _scaled(image: Image.Image) -> Image.Image:
    """The image with a short side of at most `READ_SIZE` and at most `_MOST_PIXELS`."""
    width, height = image.size
    factor = min(1.0, READ_SIZE / min(image.size), sqrt(_MOST_PIXELS / (width * height)))
    if factor > 0.999:
        return image
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _pieces(width: int, height: int) -> Iterator[_Piece]:
    """Cut along the long side, where the image is long.

    >>> list(_pieces(1000, 100))
    [(0, 0, 480, 100), (260, 0, 740, 100), (520, 0, 1000, 100)]
    >>> list(_pieces(800, 600))
    [(0, 0, 800, 600)]
    """
    short, long = sorted((width, height))
    length = max(480, round(short * _LONG))
    if long <= length * 1.2:
        yield 0, 0, width, height
        return
    overlap = round(short * _OVERLAP)
    count = ceil((long - overlap) / (length - overlap))
    for at in range(count):
        start = round(at * (long - length) / (count - 1))
        if width >= height:
            yield start, 0, start + length, height
        else:
            yield 0, start, width, start + length


def _read_piece(engine: Any, image: Image.Image, piece: _Piece) -> Iterator[tuple[bool, TextLine]]:
    """Lines, each with whether the edge of the piece cuts it."""
    left, top, right, bottom = piece
    part = image.crop(piece)
    blocks = [_BLOCK * max(2, ceil(side / _BLOCK)) for side in part.size]
    # Grey, since an edge to black or white would look like a line.
    padded = ImageOps.expand(part, (0, 0, blocks[0] - part.width, blocks[1] - part.height), "grey")
    with _busy:
        found = engine(np.ascontiguousarray(np.asarray(padded)[:, :, ::-1]))
    if found.boxes is None:
        return
    for corners, text, confidence in zip(found.boxes, found.txts, found.scores, strict=True):
        xs = np.clip(corners[:, 0], 0, right - left) + left
        ys = np.clip(corners[:, 1], 0, bottom - top) + top
        x0, y0, x1, y1 = float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())
        cut = (
            x0 - left < _TOUCHING * (left > 0)
            or y0 - top < _TOUCHING * (top > 0)
            or right - x1 < _TOUCHING * (right < image.width)
            or bottom - y1 < _TOUCHING * (bottom < image.height)
        )
        box = x0 / image.width, y0 / image.height, x1 / image.width, y1 / image.height
        yield cut, TextLine(" ".join(text.split()), float(confidence), box)


def _once(found: Iterable[tuple[bool, TextLine]]) -> list[TextLine]:
    """Lines that two pieces show, once: rather whole than cut by the edge of a piece."""
    kept: list[TextLine] = []
    for _, line in sorted(found, key=lambda pair: (pair[0], -_area(pair[1].box))):
        if all(_shared(line.box, other.box) < _SAME for other in kept):
            kept.append(line)
    return kept


def _shared(one: Box, other: Box) -> float:
    """How much of the smaller of two boxes lies in the other, 0 to 1."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    right, bottom = min(one[2], other[2]), min(one[3], other[3])
    if right <= left or bottom <= top:
        return 0.0
    return _area((left, top, right, bottom)) / min(_area(one), _area(other))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _check_installed() -> None:
    with needs_extra("reading text in photos", "ocr"):
        import rapidocr  # noqa: F401


@cache
def _engine() -> Any:
    """The one engine of this process."""
    _check_installed()
    import rapidocr
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    folder = Path(rapidocr.__file__).with_name("models")
    remedy = "Install it again: pip install --force-reinstall --no-deps rapidocr"
    settings: dict[str, object] = {
        "Global.log_level": "critical",  # it tells of photos without text as warnings
        "Global.text_score": 0.0,
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _MOST_PIXELS,
        "EngineConfig.onnxruntime.intra_op_num_threads": available_cores(),
    }
    for part, name in _MODELS.items():
        path = folder / name
        if not path.is_file():
            raise ModelFileDamaged(path, "this file of RapidOCR is missing", remedy)
        settings[f"{part}.model_path"] = str(path)
    try:
        engine = rapidocr.RapidOCR(params=settings)
        # It loads a model when it first needs it, which may be at the thousandth photo.
        engine._load_det_model(), engine._load_cls_model(), engine._load_rec_model()
    except (failures.Fail, failures.InvalidProtobuf, failures.InvalidGraph) as error:
        raise ModelFileDamaged(folder, f"ONNX Runtime cannot load it ({error})", remedy) from error
    return engine
