"""Laws of verdicts and of the words that verdicts rest on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vlm.checked.claims import Evidence
from vlm.checked.phrases import read_sentences, verb_stem
from vlm.checked.verdicts import verdict_of
from vlm.checked.vocabulary import known_nouns

ORDER = ("drop", "hedge", "keep")
KINDS = st.sampled_from(["thing", "quality", "count", "action", "text", "sentence"])
shares = st.floats(0, 1)
sources = st.sets(st.sampled_from(["samples", "objects", "embedder", "text"]))


@given(kind=KINDS, asked=sources, low=shares, more=shares, other=shares, count=st.integers(1, 9))
def test_more_support_never_makes_a_verdict_worse(
    kind: str, asked: set[str], low: float, more: float, other: float, count: int
) -> None:
    for source in asked:
        weak, strong = (
            verdict_of(
                kind,  # type: ignore[arg-type]
                [Evidence(s, share if s == source else other, "") for s in asked],  # type: ignore[arg-type]
                count,
            )
            for share in sorted((low, more))
        )
        assert ORDER.index(weak) <= ORDER.index(strong)


@given(kind=KINDS, objects=shares, count=st.integers(3, 9))
def test_what_all_of_three_samples_say_is_never_dropped(
    kind: str, objects: float, count: int
) -> None:
    evidence = [Evidence("samples", 1.0, ""), Evidence("objects", objects, "")]
    assert verdict_of(kind, evidence, count) != "drop"  # type: ignore[arg-type]


@given(text=st.text(max_size=120))
def test_text_in_a_photo_says_nothing_of_a_thing(text: str) -> None:
    assert verdict_of("thing", [Evidence("text", 0.0, text)], 0) == "keep"


@given(text=st.text(max_size=120))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    for sentence in read_sentences(text, known_nouns()):
        ends = [sentence.start, *(piece.end for piece in sentence.pieces)]
        starts = [piece.start for piece in sentence.pieces]
        assert starts == ends[:-1]
        assert ends[-1] == sentence.end


def test_forms_of_a_verb_have_one_stem_and_others_have_another() -> None:
    assert len({verb_stem(word) for word in ("sit", "sits", "sitting", "sat")}) == 1
    assert verb_stem("standing") != verb_stem("sitting")
