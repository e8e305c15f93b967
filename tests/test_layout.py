"""A folder is a promise: what the project says of its own shape."""

from __future__ import annotations

import importlib.metadata
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("vlm", "index", "ui", "eval")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_no_other_distribution_brings_packages_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, [])) <= {"vlm-assistant"}


def test_no_module_is_longer_than_300_lines_and_the_median_is_under_100() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [str(path) for path, lines in lengths.items() if lines > 300] == []
    assert statistics.median(lengths.values()) < 100


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "base", "manager"])
def test_no_module_is_a_grab_bag(name: str) -> None:
    assert [path for path in MODULES if path.stem == name] == []


def test_no_page_of_the_app_hides_a_package() -> None:
    """`streamlit run ui/app.py` puts ui/ first on the import path."""
    assert [path for path in (ROOT / "ui").glob("*.py") if path.stem in PACKAGES] == []


def test_nothing_unpickles_and_nothing_runs_code_of_a_model_repository() -> None:
    forbidden = re.compile(
        r"^\s*(?:import|from) pickle|(?:trust_remote_code|unsafe_allow_html)\s*=\s*(?!False)",
        re.MULTILINE,
    )
    for path in MODULES:
        assert forbidden.findall(path.read_text(encoding="utf-8")) == [], path


def test_one_module_opens_files_as_images() -> None:
    opening = [path for path in MODULES if "Image.open(" in path.read_text(encoding="utf-8")]
    assert opening == [ROOT / "vlm" / "images.py"]


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_imports_nothing_heavy(package: str) -> None:
    heavy = "{'torch', 'transformers', 'onnxruntime', 'streamlit', 'faiss', 'langchain_core'}"
    code = f"import sys, {package}; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.strip() == "[]"
