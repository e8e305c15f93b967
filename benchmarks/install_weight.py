"""How many megabytes the light install takes: the wheel of this checkout in a fresh environment.

    python benchmarks/install_weight.py [--json] [--limit 900]

Counts the bytes of every file in the new environment's site-packages (compiled .pyc included, pip
included) and lists the packages that weigh most. 1 MB is 1,000,000 bytes. Needs a package index.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MB = 1_000_000


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--limit", type=float, default=900, metavar="MB", help="exit 1 above it")
    parser.add_argument("--top", type=int, default=15, metavar="N", help="packages to list")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = install(Path(folder))
        total = sum(file.lstat().st_size for file in site.rglob("*") if file.is_file()) / MB
        heaviest = weights(site).most_common(asked.top)
    if asked.json:
        packages = {name: round(size, 1) for name, size in heaviest}
        print(json.dumps({"mb": round(total, 1), "limit_mb": asked.limit, "heaviest": packages}))
    else:
        print(f"light install: {total:.0f} MB of {asked.limit:.0f} MB ({total / asked.limit:.2f})")
        for name, size in heaviest:
            print(f"{size:8.1f} MB  {size / total:4.0%}  {name}")
    return 0 if total <= asked.limit else 1


def install(folder: Path) -> Path:
    """Build the wheel, install it without extras and return the site-packages folder."""
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run = [*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(run, check=True, stdout=sys.stderr)
    wheels = [str(file) for file in folder.glob("*.whl")]
    subprocess.run([*pip, "install", *wheels], check=True, stdout=sys.stderr)
    [site] = (folder / "env" / "lib").glob("python*/site-packages")
    return site


def weights(site: Path) -> Counter[str]:
    """Megabytes of each distribution, from the files that it recorded at installation."""
    found: Counter[str] = Counter()
    for distribution in distributions(path=[str(site)]):
        files = (Path(str(file.locate())) for file in distribution.files or ())
        size = sum(file.stat().st_size for file in files if file.is_file())
        found[f"{distribution.name} {distribution.version}"] += size / MB
    return found


if __name__ == "__main__":
    sys.exit(main())
