"""From a draft and those who may be asked about it to a checked description. No model here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vlm.checked.agreement import share
from vlm.checked.atoms import Atom, atoms_of, whole_sentences
from vlm.checked.claims import CheckedDescription, Claim, Verdict
from vlm.checked.evidence import Witnesses
from vlm.checked.hedging import doubted, guesses
from vlm.checked.mending import mended
from vlm.checked.phrases import read_sentences, sentence_spans
from vlm.checked.renaming import plural
from vlm.checked.rewriting import named, rewritten
from vlm.checked.things import Thing
from vlm.checked.verdicts import verdict_of

GENERAL = frozenset(("person", "child", "animal", "dog", "bird", "vehicle", "ball"))
"""Wider nouns that still tell something where the narrower one cannot be relied on."""

_BARE = 2
"""Where so few words are left of more, there was more to say and nobody could say it."""


def judged(draft: str, samples: Sequence[str], witnesses: Witnesses) -> CheckedDescription:
    """A draft in English, its claims with their evidence, and the text without what failed."""
    nouns, count = witnesses.nouns, len(witnesses.readings)
    sentences = read_sentences(draft, nouns)
    claims: dict[tuple[str, int], Claim] = {}
    verdicts = {}
    seen: set[str] = set()
    for atom in atoms_of(draft, sentences):
        evidence = witnesses.evidence(atom)
        verdict = verdict_of(atom.kind, evidence, count)
        verdicts[named(atom)] = verdict
        claims[named(atom)] = Claim(atom.text, verdict, evidence)
        if atom.kind == "thing" and verdict == "keep":
            seen.update((atom.word, *nouns.all_wider(atom.word)))

    def wider(thing: Thing) -> str | None:
        for noun in nouns.all_wider(thing.noun):
            atom = Atom("thing", noun, noun, thing.start, replace(thing, noun=noun))
            found = verdict_of("thing", witnesses.evidence(atom), count)
            # An animal that the others name is the dog where a dog is kept.
            if noun in GENERAL and noun not in seen and found == "keep":
                return noun
        return None

    text = rewritten(draft, sentences, verdicts, nouns, wider)
    found = tuple(_as_said(claim, kind, text) for (kind, _), claim in claims.items())
    if not text or guesses(text, nouns):
        said = text or mended(doubted(draft), nouns)
        return CheckedDescription(said, found, tuple(samples), "review", draft)
    return CheckedDescription(text, found, tuple(samples), _overall(draft, text, found), draft)


def judged_by_sentence(
    draft: str, samples: Sequence[str], witnesses: Witnesses
) -> CheckedDescription:
    """As `judged`, for any language: each sentence stays or goes as a whole."""
    spans = list(sentence_spans(draft))
    claims = []
    kept = []
    for atom in whole_sentences(draft, spans):
        evidence = witnesses.evidence(atom)
        verdict = verdict_of(atom.kind, evidence, len(witnesses.readings))
        claims.append(Claim(atom.text, verdict, evidence))
        if verdict != "drop":
            kept.append(atom.text)
    text = draft if len(kept) == len(spans) else " ".join(kept)
    found = tuple(claims)
    if not text or any(claim.verdict == "hedge" for claim in claims):
        return CheckedDescription(text or draft, found, tuple(samples), "review", draft)
    return CheckedDescription(text, found, tuple(samples), _overall(draft, text, found), draft)


def consensus(samples: Sequence[str], witnesses: Witnesses) -> str:
    """The sample whose things the others name most; the first of equals, empty without any."""

    def agreed(text: str) -> float:
        atoms = atoms_of(text, read_sentences(text, witnesses.nouns))
        things = (atom for atom in atoms if atom.kind == "thing")
        shares = [share(thing, witnesses.readings, witnesses.nouns) for thing in things]
        return sum(shares) / len(shares) if shares else 0.0

    return max(samples, key=agreed, default="")


def _overall(draft: str, text: str, claims: Sequence[Claim]) -> Verdict:
    quoted_in_doubt = any(c.verdict == "hedge" and c.text[:1] == "\u201c" for c in claims)
    if quoted_in_doubt:
        return "review"
    if len(text.split()) <= _BARE < len(draft.split()):
        return "review"
    changed = text != draft or any(claim.verdict != "keep" for claim in claims)
    return "hedge" if changed else "keep"


def _as_said(claim: Claim, kind: str, text: str) -> Claim:
    """A thing in doubt that a text does not say is dropped: of two doubts one may be left out."""
    noun = claim.text.rpartition(" ")[2].lower()
    names = "|".join(map(re.escape, (noun, plural(noun))))
    left_out = text and kind == "thing" and not re.search(rf"\b(?:{names})\b", text, re.IGNORECASE)
    return replace(claim, verdict="drop") if left_out and claim.verdict == "hedge" else claim
