"""Videos through one frame of theirs."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.decoding.decode import Decoder
from index.scanning.scan import Found, LeftOut, scan
from vlm.errors import ImageTooLarge, ImageUnreadable
from vlm.images import read_image
from vlm.protocols import ImageInput

av = pytest.importorskip("av", reason="PyAV, of the extra 'video', is not installed")

WANTED = ImageInput(16, "squash")


def video(path: Path, frames: list[Image.Image], **metadata: str) -> Path:
    """MPEG-4, ten frames a second, a key frame for each."""
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height = frames[0].size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 1
        stream.time_base = Fraction(1, 10)
        container.metadata.update(metadata)
        for number, image in enumerate(frames):
            frame = av.VideoFrame.from_image(image)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def scene() -> Image.Image:
    """White, with red on the left: 96 wide, 64 high."""
    image = Image.new("RGB", (96, 64), "white")
    image.paste("red", (0, 0, 48, 64))
    return image


def colours(image: Image.Image, where: tuple[int, int, int, int]) -> list[float]:
    return [float(value) for value in np.asarray(image.crop(where), np.float32).mean((0, 1))]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".avi", ".mkv"])
def test_a_video_is_its_first_frame(tmp_path: Path, suffix: str) -> None:
    image = read_image(video(tmp_path / f"clip{suffix}", [scene()] * 5))
    assert (image.mode, image.size) == ("RGB", (96, 64))
    assert colours(image, (0, 0, 40, 64)) == pytest.approx([254, 0, 0], abs=12)
    assert colours(image, (56, 0, 96, 64)) == pytest.approx([255, 255, 255], abs=8)


def test_a_video_that_begins_black_is_a_later_frame(tmp_path: Path) -> None:
    black = Image.new("RGB", (96, 64), "black")
    image = read_image(video(tmp_path / "clip.mp4", [black] * 4 + [scene()] * 16))
    assert colours(image, (0, 0, 40, 64)) == pytest.approx([254, 0, 0], abs=12)


def test_a_video_that_is_black_to_the_end_is_black(tmp_path: Path) -> None:
    image = read_image(video(tmp_path / "clip.mp4", [Image.new("RGB", (96, 64))] * 5))
    assert max(colours(image, (0, 0, 96, 64))) < 8


def test_a_telephone_held_upright_gives_an_upright_frame(tmp_path: Path) -> None:
    path = video(tmp_path / "clip.mp4", [scene()] * 3)
    data = path.read_bytes()
    plain = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)  # to the right
    assert data.count(plain) == 2  # of the film, and of its track
    at = data.rindex(plain)
    path.write_bytes(data[:at] + turned + data[at + len(turned) :])
    image = read_image(path)
    assert image.size == (64, 96)
    assert colours(image, (0, 0, 64, 40)) == pytest.approx([254, 0, 0], abs=12)


def test_a_worker_tells_when_and_where_it_was_taken(tmp_path: Path) -> None:
    told = {
        "com.apple.quicktime.creationdate": "2023-05-04T12:11:12+0200",
        "com.apple.quicktime.location.ISO6709": "+41.5000-012.2500+010.0/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 12",
    }
    path = video(tmp_path / "IMG_1.MOV", [scene()] * 3, **told)
    with Decoder(WANTED, 1) as decoder:
        result = decoder.submit(path).result()
        assert decoder.hash(path).result().hash == result.state.hash
    facts = result.facts
    assert (facts.format, facts.width, facts.height) == ("MOV", 96, 64)
    assert (facts.camera, facts.taken_at) == ("Apple iPhone 12", "2023-05-04T12:11:12+02:00")
    assert (facts.latitude, facts.longitude) == (41.5, -12.25)
    assert result.image is not None and result.image.size == (16, 16)


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    whole = video(tmp_path / "clip.mp4", [scene()] * 3).read_bytes()
    for number, data in enumerate((b"", b"text", whole[:200], whole[: len(whole) // 2])):
        path = tmp_path / f"bad{number}.mp4"
        path.write_bytes(data)
        with pytest.raises(ImageUnreadable, match=r"a video (that is damaged|file without)"):
            read_image(path)


@pytest.mark.parametrize(
    "text", ["ffconcat version 1.0\nfile other.mp4\n", "#EXTM3U\n#EXTINF:1.0,\nother.mp4\n"]
)
def test_a_list_that_names_other_files_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    video(tmp_path / "other.mp4", [scene()] * 3)
    (tmp_path / "clip.mp4").write_text(text)
    with pytest.raises(ImageUnreadable):
        read_image(tmp_path / "clip.mp4")


def test_a_frame_above_the_pixel_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = video(tmp_path / "clip.mp4", [scene()])
    monkeypatch.setenv("VLM_MAX_MEGAPIXELS", "0.005")
    with pytest.raises(ImageTooLarge):
        read_image(path)


def test_a_scan_counts_videos_that_nothing_here_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.mp4").touch()
    (tmp_path / ".b.mp4").touch()
    hidden, found = scan([tmp_path])
    assert isinstance(found, Found) and found.path == tmp_path / "a.mp4"
    assert hidden == LeftOut(tmp_path / ".b.mp4", "hidden")
    monkeypatch.setattr("index.scanning.scan.can_read_videos", lambda: False)
    left = [entry.rule for entry in scan([tmp_path]) if isinstance(entry, LeftOut)]
    assert left == ["hidden", "video, read with vlm-assistant[video] only"]
