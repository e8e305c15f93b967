"""Write manifest.json: size and SHA-256 of every file of a folder. Run it after any change.

python training/manifest.py vlm/starter/files
"""

import hashlib
import json
import sys
from pathlib import Path


def write_manifest(folder: Path) -> None:
    files = {
        path.name: {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != "manifest.json"
    }
    (folder / "manifest.json").write_text(json.dumps({"files": files}, indent=1) + "\n")


if __name__ == "__main__":
    write_manifest(Path(sys.argv[1]))
