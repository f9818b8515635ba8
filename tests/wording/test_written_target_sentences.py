"""What an entry of a file of targets lacks, in the words of its author."""

from __future__ import annotations

import pytest

from integstats.targets.target_file import REQUIRED, read_targets
from integstats.wording.terms import FIELDS
from integstats.wording.written_target_sentences import written_text

ENTRY = """
[[target]]
name = "Halvering"
measure = "unemployment_rate"
kind = "relative_reduction"
amount = 0.5
places = ["Malmö"]
"""
PERIODS = 'baseline = "2024-06"\ndeadline = "2026-06"\n'


def test_missing_fields_are_named_in_words() -> None:
    [one] = read_targets(ENTRY)
    assert one.sentence() == (
        "”Halvering” kan inte följas ännu. Det saknas uppgift om utgångsläge och måldatum."
    )
    assert one.sentence("en") == (
        "‘Halvering’ cannot be followed yet. It does not say: baseline and deadline."
    )


def test_every_field_that_may_be_missing_has_words() -> None:
    assert set(REQUIRED) <= set(FIELDS)
    [one] = read_targets('[[target]]\nname = "X"\n')
    assert one.missing == REQUIRED
    assert "mått, typ av mål, hur mycket, område, utgångsläge och måldatum" in one.sentence()


def test_a_complete_entry_and_a_wrong_one() -> None:
    [complete] = read_targets(ENTRY + PERIODS)
    assert complete.sentence() == "”Halvering” kan följas."
    [wrong] = read_targets(ENTRY + PERIODS + 'sex = "girls"\n')
    assert wrong.problem in wrong.sentence()
    assert "kan inte följas" in wrong.sentence()


@pytest.mark.parametrize("text", [ENTRY, ENTRY + PERIODS])
def test_the_text_stands_by_its_claims(text: str) -> None:
    [one] = read_targets(text)
    for lang in ("sv", "en"):
        made = written_text(one, lang=lang)
        assert made.problems() == ()
        assert len(made.claims) == 1
