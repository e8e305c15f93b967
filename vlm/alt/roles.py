"""Which of the five W3C roles an image has on its page."""

from __future__ import annotations

from typing import Literal, TypeAlias

Role: TypeAlias = Literal["informative", "decorative", "functional", "text", "complex"]
"""The kinds of the W3C WAI images tutorial (https://www.w3.org/WAI/tutorials/images/)."""
