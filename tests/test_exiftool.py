"""What another program reads of photos into which texts were written."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from photo_containers import FILES, PACKET

from index.metadata.writing.write import embed, write_sidecar

pytestmark = pytest.mark.skipif(
    shutil.which("exiftool") is None,
    reason="exiftool is not installed (Debian: apt-get install libimage-exiftool-perl)",
)

ALT, EXTENDED = 'A red <barn> & "snow"', "It stands in the snow.\nBehind it: é 雪"
OF_THE_FILE = ("SourceFile", "System:", "File:FileType", "RIFF:WebP_Flags")
"""What tells of the file, and whether a WebP file has XMP."""


def tags(*paths: Path) -> list[dict[str, Any]]:
    command = ["exiftool", "-a", "-G1", "-json", "-struct", *map(str, paths)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert not any("ExifTool:Warning" in one for one in told)
    return [{k: v for k, v in one.items() if not k.startswith(OF_THE_FILE)} for one in told]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("xmp", [b"", PACKET], ids=["without XMP", "with XMP"])
def test_exiftool_reads_both_texts_and_all_else_as_before(
    name: str, xmp: bytes, tmp_path: Path
) -> None:
    photo, old = tmp_path / name, tmp_path / f"old-{name}"
    for path in (photo, old):
        path.write_bytes(FILES[name](xmp))
    embed(photo, ALT, EXTENDED)
    before, after = tags(old, photo)
    said = {
        "XMP-iptcCore:AltTextAccessibility": ALT,
        "XMP-iptcCore:AltTextAccessibility-en": ALT,
        "XMP-iptcCore:ExtDescrAccessibility": EXTENDED,
        "XMP-iptcCore:ExtDescrAccessibility-en": EXTENDED,
    }
    toolkit = {} if xmp else {"XMP-x:XMPToolkit": "vlm-assistant"}
    assert after == before | said | toolkit


def test_exiftool_reads_a_sidecar(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(FILES["a.jpg"](b""))
    (told,) = tags(write_sidecar(photo, ALT, EXTENDED, language="pt-BR"))
    assert told["XMP-iptcCore:AltTextAccessibility-pt-BR"] == ALT
    assert told["XMP-iptcCore:ExtDescrAccessibility"] == EXTENDED
