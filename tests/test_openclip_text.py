"""Token ids of the light tokenizer against those of open_clip."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlm.openclip_config import read_config
from vlm.openclip_text import TokenIds, build_tokenizer, clean_text

pytest.importorskip("torch", reason="the torch extra is not installed")
pytest.importorskip("open_clip", reason="the torch extra is not installed")

import open_clip
from open_clip.tokenizer import get_clean_fn
from tiny_clip import SIGLIP, SQUASH, open_clip_folder

Both: TypeAlias = tuple[TokenIds, Any]
TEXTS = [
    "",
    "   ",
    "a photo of a dog",
    "A Dog's life, don't you think? I'VE; we'll",
    "tabs\tand\nlines",
    "caf\u00e9 cafe\u0301 na\u00efve stra\u00dfe",
    "\u041f\u0440\u0438\u0432\u0435\u0442 \u4f60\u597d \U0001f436",
    "\u2018curly\u2019 \u201cquotes\u201d",
    "\uff26\uff55\uff4c\uff4c width\u3000space \ufb01ne",
    "Tom &amp; Jerry &amp;amp; friends",
    "12345 a1b2 --- !!! #hashtag @name_x",
    "supercalifragilisticexpialidocious " * 8,
    "a\u0000b\u007fc",
]


@pytest.fixture(scope="module", params=["clip", "siglip"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "clip":
        open_clip_folder(folder)
    else:
        open_clip_folder(folder, SIGLIP, SQUASH)
    config = read_config(folder)
    ours = TokenIds(build_tokenizer(folder, config), config.clean)
    return ours, open_clip.get_tokenizer(f"local-dir:{folder}")


def test_ids_are_those_of_open_clip(both: Both) -> None:
    ours, theirs = both
    for text in TEXTS:
        np.testing.assert_array_equal(ours([text]), theirs([text]).numpy(), err_msg=repr(text))
    np.testing.assert_array_equal(ours(TEXTS), theirs(TEXTS).numpy())


# Without the signs that mojibake is made of: open_clip repairs that, we leave it alone.
plain = st.text(st.characters(max_codepoint=0x7E) | st.sampled_from("äöüßéèñçåøæčšžłаяжλπ你犬猫"))


@settings(max_examples=300, deadline=None)
@given(text=plain)
def test_any_text_has_the_ids_of_open_clip(both: Both, text: str) -> None:
    ours, theirs = both
    np.testing.assert_array_equal(ours([text]), theirs([text]).numpy())


@pytest.mark.parametrize("how", ["lower", "canonicalize", "whitespace"])
@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_cleaned_as_open_clip_does(text: str, how: str) -> None:
    assert clean_text(text, how) == get_clean_fn(how)(text)


def test_the_saved_tokenizer_gives_the_same_ids(both: Both, tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    ours, _ = both
    path = tmp_path / "tokenizer.json"
    ours._tokenizer.save(str(path))
    again = TokenIds(Tokenizer.from_file(str(path)), ours._clean)
    np.testing.assert_array_equal(again(TEXTS), ours(TEXTS))
