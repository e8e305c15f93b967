"""Make the README's screenshot anew: `python docs/make_screenshot.py`, in a checkout.

A browser test takes the picture of the real chat page; here it becomes a small PNG.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
TAKEN = ROOT / "ci-output" / "chat.png"
SHOWN = ROOT / "docs" / "chat.png"


def main() -> None:
    """Run the test that takes the picture, then write `docs/chat.png`."""
    TAKEN.unlink(missing_ok=True)
    test = ROOT / "tests" / "test_browser_starter.py"
    subprocess.run([sys.executable, "-m", "pytest", "-q", str(test)], cwd=ROOT, check=True)
    with Image.open(TAKEN) as image:
        image.convert("RGB").save(SHOWN, optimize=True)
    sys.stdout.write(f"{SHOWN}: {SHOWN.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
