"""What a checked description is made of: claims, and what speaks for or against each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

ClaimVerdict = Literal["keep", "hedge", "drop"]
Verdict = Literal["keep", "hedge", "review"]
Source = Literal["samples", "embedder", "text", "objects"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says of one claim: ``support`` is 0 (against it) to 1 (for it)."""

    source: Source
    support: float
    said: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a description says of the photo, and whether it may go on saying it."""

    text: str
    verdict: ClaimVerdict
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedDescription:
    """A description without what was dropped, its claims, and the texts that it was checked by.

    ``verdict`` is ``keep`` where nothing had to be changed, ``hedge`` where something was dropped
    or is said with doubt, and ``review`` where a person should look before anybody relies on it:
    no claim is left, hardly a word is, or only a noun in doubt, or quoted text was not read by
    anybody else.
    ``draft`` is what the describer said before.
    """

    text: str
    claims: tuple[Claim, ...]
    samples: tuple[str, ...]
    verdict: Verdict
    draft: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, for a store or a page."""
        return {
            "text": self.text,
            "verdict": self.verdict,
            "draft": self.draft,
            "claims": [
                {
                    "text": claim.text,
                    "verdict": claim.verdict,
                    "evidence": [
                        {"source": e.source, "support": round(e.support, 3), "said": e.said}
                        for e in claim.evidence
                    ],
                }
                for claim in self.claims
            ],
            "samples": list(self.samples),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """What `as_json` made. Raises `KeyError` or `TypeError` for anything else.

        >>> made = CheckedDescription("A dog.", (Claim("a dog", "keep"),), ("a dog",), "keep")
        >>> CheckedDescription.from_json(made.as_json()) == made
        True
        """
        claims = tuple(
            Claim(claim["text"], claim["verdict"], tuple(Evidence(**e) for e in claim["evidence"]))
            for claim in stored["claims"]
        )
        samples = tuple(stored["samples"])
        return cls(stored["text"], claims, samples, stored["verdict"], stored["draft"])
