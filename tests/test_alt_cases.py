"""Alternative texts of images as pages have them, one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from alt_cases import CASES, Case

from vlm.alt.compose import compose
from vlm.alt.lint import lint


def named(case: Case) -> str:
    return f"{case.role}: {case.draft or case.context.src}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_an_image_gets_the_role_and_the_text_that_its_page_asks_for(case: Case) -> None:
    made = compose(case.draft, case.context, text_in_image=case.text, text_share=case.share)
    assert (made.role, made.alt) == (case.role, case.alt)
    assert all(made.reasons)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_was_composed_has_nothing_to_find(case: Case) -> None:
    if case.alt is not None:
        assert lint(case.alt, replace(case.context, alt=case.alt)) == []


def test_every_role_has_cases() -> None:
    roles = [case.role for case in CASES]
    assert min(roles.count(role) for role in set(roles)) >= 3
    assert len(set(roles)) == 5
