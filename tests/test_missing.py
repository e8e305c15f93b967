"""Photos that are gone are told from those on a disk that is not connected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.scanning.missing import is_gone


def test_only_what_is_certainly_gone_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    assert not is_gone(tmp_path / "file")
    assert is_gone(tmp_path / "nowhere")
    assert is_gone(tmp_path / "file" / "below")

    def refuse(path: object) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(os, "lstat", refuse)
    assert not is_gone(tmp_path / "nowhere")
