"""The short forms: the same facts in fewer words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from integstats import catalogue
from integstats.catalogue import Source
from integstats.targets.track import Track
from integstats.wording.brief import in_brief
from integstats.wording.claims import Text
from integstats.wording.footer_sentences import concept_claims, source_line
from integstats.wording.sentences import read_text
from integstats.wording.target_sentences import track_subtitle

LANGUAGES = ("sv", "en")
Sound = Callable[[Text | str, str], None]


def origins(obtained: str) -> list[Source]:
    note = {"note_sv": "återgiven ur en kopia", "note_en": "carried over from a copy"}
    return [
        Source(
            dataset=one,
            vintage="2026-08-28.00000000",
            obtained=obtained,
            fetched_at="2026-09-01T10:00:00+00:00" if obtained == "fetched" else None,
            **note if obtained == "carried over" else {},
        )
        for one in catalogue.datasets().values()
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("obtained", ["carried over", "fetched", "unknown"])
def test_a_short_source_line_keeps_table_date_and_how_it_was_obtained(
    obtained: str, lang: str, sound: Sound
) -> None:
    for one in origins(obtained):
        whole = source_line([one], preliminary=True, organisation="Malmö stad", lang=lang)
        short = in_brief(whole)
        for fact in (one.dataset.table_id, "2026-08-28", one.dataset.publisher.name, "Malmö stad"):
            assert fact in short.text
        assert re.search("preliminär|preliminary", short.text, re.IGNORECASE)
        if obtained == "carried over":
            assert one.note(lang) in short.text
        if obtained == "fetched":
            assert "2026-09-01" in short.text
        assert len(short.text) <= len(whole.text)
        sound(short, lang)


def test_a_register_is_named_by_its_abbreviation_only_where_it_has_one() -> None:
    by_id = {one.dataset.id: in_brief(source_line([one])).text for one in origins("unknown")}
    assert by_id["scb-bas-month"].startswith("Källa: SCB, BAS, tabell TAB6260,")
    plain = [one for one in catalogue.datasets().values() if "(" not in one.register_sv]
    assert plain
    assert all(one.register_sv in by_id[one.id] for one in plain)
    # RAMS is here a part of the denominator, not the register.
    assert "registerbaserade arbetskraften (RAMS)" in by_id["af-registered-share-register"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["rate_down", "gap", "ratio", "count_up"])
def test_a_short_subtitle_keeps_what_and_when_and_how_many(
    track_of: Callable[..., Track], kind: str, lang: str, sound: Sound
) -> None:
    whole = track_subtitle(track_of("behind", kind), lang=lang)
    short = in_brief(whole)
    assert len(short.text) < len(whole.text)
    assert {value for _, value in short.numbers()} == {value for _, value in whole.numbers()}
    for fact in ("20–64", "Malmö", "2025", "95"):
        assert fact in short.text
    sound(short, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_short_note_on_denmark_still_says_that_the_groups_differ(lang: str) -> None:
    note = Text.of(*concept_claims(["1280", "dk:461"]), lang=lang)
    short = in_brief(note)
    assert short.text.startswith("Odense: ")
    assert re.search("Inte samma grupp|Not the same group", short.text)
    assert len(short.text) < len(note.text) / 2


def test_only_places_abroad_need_a_note_on_the_concept() -> None:
    assert concept_claims(["00", "12", "1280", "group:familjen-helsingborg"]) == []
    [claim] = concept_claims(["dk:101", "1280", "dk:461"])
    assert claim.values["break"] == "dst-herkomst"
    assert claim.render().startswith("Köpenhamn och Odense: Sysselsatta som andel")
    assert "herkomst" in claim.render("en")


def test_a_short_text_can_be_stored_and_read_back() -> None:
    short = in_brief(source_line(catalogue.sources_of([("scb-bas-month", "2026-08-28.ed2136c3")])))
    assert read_text(short.to_dict()).text == short.text
