"""Descriptions that were checked: each claim is supported, said with doubt, or gone."""

from __future__ import annotations

from vlm.checked.checking import checked
from vlm.checked.claims import CheckedDescription, Claim, Evidence

__all__ = ["CheckedDescription", "Claim", "Evidence", "checked"]
