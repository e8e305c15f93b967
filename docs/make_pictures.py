"""Make the README's pictures anew: `python docs/make_pictures.py`, in a checkout.

A browser test takes them of the real pages; here they become small files.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
TAKEN, SHOWN = ROOT / "ci-output", ROOT / "docs"
PICTURES = {"story-2-search": "search", "story-6-added": "chat", "story-7-library": "library"}
FRAMES = ("1-empty", "2-search", "3-found", "4-asked", "5-alt", "6-added")
FRAME_MS, FRAME_WIDTH = 2200, 800


def main() -> None:
    """Run the test that takes the pictures, then write those of `docs/`."""
    for old in TAKEN.glob("story-*.png"):
        old.unlink()
    test = ROOT / "tests" / "test_browser_starter.py"
    subprocess.run([sys.executable, "-m", "pytest", "-q", str(test)], cwd=ROOT, check=True)
    for taken, name in PICTURES.items():
        with Image.open(TAKEN / f"{taken}.png") as image:
            image.convert("RGB").save(SHOWN / f"{name}.webp", quality=82, method=6)
    first, *rest = (_frame(TAKEN / f"story-{name}.png") for name in FRAMES)
    first.save(
        SHOWN / "story.webp",
        save_all=True,
        append_images=rest,
        duration=FRAME_MS,
        loop=1,
        quality=75,
    )
    for path in sorted(SHOWN.glob("*.webp")):
        sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")


def _frame(path: Path) -> Image.Image:
    with Image.open(path) as image:
        height = image.height * FRAME_WIDTH // image.width
        return image.convert("RGB").resize((FRAME_WIDTH, height), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
