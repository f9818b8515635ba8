from __future__ import annotations

import importlib
import json
import pkgutil
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from integstats import wording
from integstats.errors import SchemaError, UnknownCodeError
from integstats.wording import change
from integstats.wording.claims import Claim, Predicate, Text, first_true, slots
from integstats.wording.sentences import PREDICATES, read_text
from integstats.wording.slots import FORMATS, write

FELL = Predicate(
    "fell",
    lambda v: v["end"] < v["start"],
    "{what} föll från {start:rate} till {end:rate}.",
    "{what} fell from {start:rate} to {end:rate}.",
)
KNOWN = {"fell": FELL}


def test_a_claim_that_holds_is_written_in_both_languages() -> None:
    claim = Claim(FELL, {"what": "nivån", "start": 0.2, "end": 0.1})
    assert claim.render() == "Nivån föll från 20,0 procent till 10,0 procent."
    assert claim.render("en") == "Nivån fell from 20.0 per cent to 10.0 per cent."


def test_a_false_claim_is_never_written() -> None:
    claim = Claim(FELL, {"what": "nivån", "start": 0.1, "end": 0.2})
    assert not claim.holds()
    with pytest.raises(SchemaError, match="'fell' does not hold"):
        claim.render()
    with pytest.raises(SchemaError, match="does not hold"):
        Text.of(claim, lang="sv")
    assert first_true([FELL], claim.values) is None


def test_a_claim_without_a_value_its_words_need_is_an_error() -> None:
    with pytest.raises(SchemaError, match="needs the value what"):
        Claim(FELL, {"start": 0.2, "end": 0.1}).render()


def test_values_are_kept_as_plain_data_and_cannot_be_changed() -> None:
    given = {
        "what": np.str_("n"),
        "start": np.float64(0.2),
        "end": np.float32(0.5),
        "k": np.int64(3),
    }
    claim = Claim(FELL, {**given, "when": pd.Period("2024-06", "M"), "all": ("a", "b")})
    assert json.loads(json.dumps(claim.to_dict()))["values"]["when"] == "2024-06"
    assert [type(one) for one in claim.values.values()] == [str, float, float, int, str, tuple]
    with pytest.raises(TypeError):
        claim.values["start"] = 1.0  # type: ignore[index]
    given["start"] = np.float64(0.9)
    assert claim.values["start"] == 0.2


def test_a_stored_text_is_rendered_again_to_the_identical_text() -> None:
    text = Text.of(Claim(FELL, {"what": "nivån", "start": 0.2, "end": 0.1}), lang="sv")
    again = Text.from_dict(json.loads(json.dumps(text.to_dict())), KNOWN)
    assert again == text
    assert again.problems() == ()
    assert text.numbers() == (("fell.start", 0.2), ("fell.end", 0.1))


def test_a_stored_text_that_was_touched_is_found_out() -> None:
    stored = Text.of(Claim(FELL, {"what": "nivån", "start": 0.2, "end": 0.1}), lang="sv").to_dict()
    stored["text"] = stored["text"].replace("föll", "halverades")
    assert "not what its claims say" in Text.from_dict(stored, KNOWN).problems()[0]
    stored["claims"][0]["values"]["end"] = 0.3
    assert Text.from_dict(stored, KNOWN).problems() == ("the claim 'fell' does not hold",)
    stored["claims"][0]["predicate"] = "fel"
    with pytest.raises(UnknownCodeError, match="Did you mean 'fell'"):
        Text.from_dict(stored, KNOWN)


def test_texts_are_joined_with_their_claims() -> None:
    one = Text.of(Claim(FELL, {"what": "a", "start": 0.2, "end": 0.1}), lang="sv")
    both = Text.joined([one, one], lang="sv")
    assert both.text == f"{one.text} {one.text}"
    assert len(both.claims) == 2
    assert both.problems() == ()
    assert not Text.of(lang="sv")


def test_a_number_with_its_unit_sign_is_one_word() -> None:
    number = Predicate("n", lambda v: True, "{n:count} och {s:pct} – slut", "{n:count}")
    assert Text.of(Claim(number, {"n": 38_000, "s": 0.13}), lang="sv").words() == 4


def test_every_predicate_has_an_id_of_its_own() -> None:
    names = {one.name for one in pkgutil.iter_modules(wording.__path__)} - {"sentences"}
    found = [importlib.import_module(f"integstats.wording.{name}") for name in sorted(names)]
    modules = [one for one in found if hasattr(one, "PREDICATES")]
    assert len(PREDICATES) == sum(len(one.PREDICATES) for one in modules)
    assert all(name == one.id for name, one in PREDICATES.items())


@pytest.mark.parametrize("name", sorted(PREDICATES))
def test_both_languages_say_the_same_numbers_in_known_formats(name: str) -> None:
    one = PREDICATES[name]
    languages = {}
    for lang, template in (("sv", one.sv), ("en", one.en)):
        parsed = [(slot, spec) for _, slot, spec, _ in Formatter().parse(template) if slot]
        assert {(spec or "text").partition("|")[0] for _, spec in parsed} <= set(FORMATS)
        languages[lang] = {slot.removesuffix(f"_{lang}") for slot in slots(template)}
    # Swedish bends "oförändrad" by the noun; no other word needs a slot of its own.
    assert languages["sv"] - languages["en"] <= {"measure", "unit"}
    assert languages["en"] <= languages["sv"]


def test_an_unknown_format_names_the_near_one() -> None:
    with pytest.raises(UnknownCodeError, match="Did you mean 'rate'"):
        write(0.1, "rates")


def test_a_text_of_the_package_is_read_back() -> None:
    subject = change.Subject("foreign_born:women", "unemployment_rate", "share", "1280")
    claim = change.change_claim(
        subject, start=0.2, end=0.1, start_period="2024-06", end_period="2026-06", z=5, least=0.5
    )
    text = Text.of(claim, lang="en")
    assert read_text(json.loads(json.dumps(text.to_dict()))) == text
