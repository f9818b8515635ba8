from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import get_args

import pandas as pd
import pytest

from integstats import catalogue
from integstats.catalogue import Source
from integstats.errors import SchemaError
from integstats.targets.comparison import Comparison
from integstats.targets.side_checks import GapLevels, IntoWork, Story
from integstats.targets.target import Target
from integstats.targets.track import Track
from integstats.targets.verdict import Pace, Point, Reason, Shortfall, Status
from integstats.wording.claims import Text
from integstats.wording.footer_sentences import assumption_lines, source_line, track_footer
from integstats.wording.sentences import console_lines, read_text, track_summary
from integstats.wording.target_sentences import growth_note, target_text, verdict_block
from integstats.wording.terms import VERDICTS
from integstats.wording.titles import track_title
from integstats.wording.verdict_sentences import verdict_line

Tracks = Callable[..., Track]
Sound = Callable[[Text | str, str], None]
LANGUAGES = ("sv", "en")
KINDS = ("rate_down", "rate_up", "gap", "ratio", "count_down", "count_up")
UP = ("rate_up", "count_up")
VERBATIM = {
    "cannot_judge": "Kan inte bedömas: ",
    "met": "Målet uppnått",
    "missed": "Målet uppnåddes inte",
    "below_target": "Under målnivån – målperioden pågår",
    "worse": "Går åt fel håll",
    "too_early": "För tidigt att bedöma",
    "no_certain_change": "Ingen säkerställd förändring",
    "ahead": "På eller före målbanan",
    "not_distinct": "Kan inte skiljas från målbanan",
    "behind": "Efter målbanan",
    "far_behind": "Långt efter målbanan",
}
"""METHOD's table, letter by letter."""
EXAMPLE = (
    "Bedömning: Efter målbanan. Hittills har 78 % av den minskning som målbanan förutsätter "
    "uppnåtts. För att nå 9,2 % i mars 2027 måste takten öka från 0,30 till 0,63 procentenheter i "
    "månaden (2,1 gånger). Det motsvarar 83 färre arbetslösa kvinnor netto, om arbetskraften är "
    "oförändrad."
)
"""The verdict of the charts page, letter by letter."""


def verbatim(status: str, kind: str, lang: str) -> str:
    key = "above_target" if status == "below_target" and kind in UP else status
    return VERDICTS[key][0 if lang == "sv" else 1]


def charts_example(track: Track) -> Track:
    """The invented figures of the charts page: 18.4 → 13.0, target 9.2 in March 2027."""
    now = pd.Period("2026-09", "M")
    target = dataclasses.replace(track.target, baseline="2025-03", deadline="2027-03")
    return dataclasses.replace(
        track,
        target=target,
        baseline=Point(pd.Period("2025-03", "M"), 0.184, 0.17, 0.2, 2150, 396),
        latest=Point(now, 0.13, 0.116, 0.145, 2150, 280),
        series=track.series.assign(period=pd.period_range("2025-03", now, freq="M")),
        path_now=0.115,
        verdict=dataclasses.replace(track.verdict, share_done=0.054 / 0.069),
        pace=Pace(0.003, 0.038 / 6, 0.038 / 6 / 0.003, 18, 6),
    )


def test_the_verdict_of_the_charts_page_is_verbatim(track_of: Tracks) -> None:
    block = verdict_block(charts_example(track_of("behind")))
    assert block.text.replace("\u00a0", " ") == EXAMPLE


def test_the_title_of_the_charts_page_follows_the_verdict(track_of: Tracks) -> None:
    assert track_title(track_of("behind")).text == (
        "Efter målbanan. Utrikes födda kvinnor i Malmö: arbetslösheten minskar, men inte i takt "
        "med målet"
    )


def test_the_subtitle_of_the_charts_page_is_verbatim(track_of: Tracks) -> None:
    subtitle = target_text(charts_example(track_of("behind"))).subtitle.text
    assert subtitle == (
        "Arbetslösa som andel av arbetskraften (BAS), utrikes födda kvinnor 20–64 år, Malmö. "
        "Tolvmånadersmedel mars 2025–september 2026. Skuggat område: slumpvariation (95\u00a0%) "
        "vid ca 2\u202f200 personer i arbetskraften."
    )


def test_the_words_of_the_verdict_table_are_verbatim() -> None:
    assert set(VERBATIM) == set(get_args(Status))
    for status, words in VERBATIM.items():
        assert VERDICTS[status][0] == words.removesuffix(": ")
    assert VERDICTS["above_target"][0] == "Över målnivån – målperioden pågår"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("decided", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [one for one in VERBATIM if one != "cannot_judge"])
def test_every_status_and_kind_is_told(
    track_of: Tracks, sound: Sound, status: str, kind: str, decided: bool, lang: str
) -> None:
    check_all(track_of(status, kind, decided=decided), status, kind, lang, sound)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("decided", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_not_to_judge_is_told(
    track_of: Tracks, sound: Sound, reason: str, kind: str, decided: bool, lang: str
) -> None:
    track = track_of("cannot_judge", kind, decided=decided, reason=reason)
    check_all(track, "cannot_judge", kind, lang, sound)
    assert target_text(track, lang=lang).verdict.text.count(": ") >= 2


def check_all(track: Track, status: str, kind: str, lang: str, sound: Sound) -> None:
    decided = track.target.decided
    text = target_text(track, organisation="Malmö stad", lang=lang)
    for one in (text.title, text.subtitle, text.verdict, text.alt, *text.lines, *text.footer):
        sound(one, lang)
        assert one == text.title or one.text.endswith(".")
        assert read_text(json.loads(json.dumps(one.to_dict()))) == one
    assert text.title.words() <= 15
    assert "utveckling av" not in text.title.text.lower()
    assert "?" not in text.title.text
    assert 80 <= len(text.alt.text) <= 600
    words = verbatim(status, kind, lang)
    assert words in text.verdict.text
    assert words in text.alt.text
    if decided:
        assert text.title.text.startswith(words)
        assert text.verdict.text.startswith("Bedömning: " if lang == "sv" else "Verdict: ")
    else:
        prefix = {"sv": "Räkneexempel: ", "en": "Illustrative example: "}[lang]
        lead = {"sv": "Om målet hade gällt: ", "en": "If the target had been in force: "}[lang]
        assert text.title.text.startswith(prefix)
        assert text.verdict.text.startswith(lead)
        known = [pair[0 if lang == "sv" else 1].lower() for pair in VERDICTS.values()]
        assert not any(one in text.title.text.lower() for one in known)
        example = {"sv": "Räkneexempel. Målet är inte beslutat av Malmö stad.", "en": ""}[lang]
        assert example in text.footer[0].text
    for causal in ("beror på", "tack vare", "leder till", "bidrar till", "effekt", "because of"):
        assert causal not in " ".join(map(str, (text.verdict, *text.lines)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("preliminary", [False, True])
@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("status", ["met", "missed"])
def test_an_outcome_says_how_sure_it_is_in_the_title_too(
    track_of: Tracks, status: str, narrow: bool, preliminary: bool, kind: str
) -> None:
    track = track_of(status, kind, preliminary=preliminary, narrow=narrow)
    text = target_text(track)
    for one in (text.title, text.verdict, text.alt):
        assert ("enligt preliminära uppgifter" in one.text) == preliminary
        assert ("med liten marginal" in one.text) == narrow
    assert text.title.words() <= 15


LONGEST = sorted(
    (one.name for one in (*catalogue.places().values(), *catalogue.groups().values())),
    key=lambda name: -len(name.split()),
)[:3]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", LONGEST)
@pytest.mark.parametrize("kind", KINDS)
def test_titles_stay_short_in_places_with_long_names(
    track_of: Tracks, place: str, kind: str, lang: str
) -> None:
    for status in ("met", "missed", "not_distinct", "far_behind", "below_target", "worse"):
        for decided in (True, False):
            track = track_of(
                status, kind, place=place, decided=decided, narrow=True, preliminary=True
            )
            assert track_title(track, lang=lang).words() <= 15


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_track_is_told_on_a_screen(track_of: Tracks, sound: Sound, lang: str) -> None:
    for status in ("behind", "met", "worse"):
        summary = track_summary(track_of(status), lang=lang)
        sound(summary, lang)
        assert verdict_block(track_of(status), lang=lang).text in summary
        for line in console_lines(track_of(status), lang=lang):
            sound(line, lang)
    hidden = track_of("cannot_judge", reason="suppressed")
    assert verdict_block(hidden, lang=lang).text in track_summary(hidden, lang=lang)


def test_a_status_that_its_numbers_do_not_bear_is_refused(track_of: Tracks) -> None:
    track = track_of("behind")
    wrong = dataclasses.replace(track.verdict, status="ahead")
    with pytest.raises(SchemaError, match=r"'ahead' does not follow .* lead to 'behind'"):
        verdict_line(dataclasses.replace(track, verdict=wrong))


def test_what_may_be_chance_is_not_told_as_progress(track_of: Tracks) -> None:
    block = verdict_block(track_of("no_certain_change")).text
    assert "men förändringen kan vara en slump" in block
    assert "gånger" not in block
    assert "En minskning på minst 0,9 procentenheter hade behövts" in block


def test_too_early_says_when(track_of: Tracks) -> None:
    assert "Tidigast i juni 2026 går det att se" in verdict_block(track_of("too_early")).text


def test_worse_says_what_must_turn(track_of: Tracks) -> None:
    block = verdict_block(track_of("worse")).text.replace("\u00a0", " ")
    assert "Ingen del av den minskning som målet förutsätter har uppnåtts." in block
    assert "måste arbetslösheten minska med 0,59 procentenheter i månaden; hittills har" in block


def _slightly_worse(track: Track, reading: float) -> Track:
    """The same verdict at another reading: certain, and as small as it is told."""
    latest = dataclasses.replace(track.latest, value=reading, low=reading, high=reading)
    return dataclasses.replace(track, latest=latest)


@pytest.mark.parametrize("decided", [True, False])
def test_a_certain_change_too_small_for_a_word_says_why_the_verdict_differs(
    track_of: Tracks, sound: Sound, decided: bool
) -> None:
    small = _slightly_worse(track_of("worse", decided=decided), 0.186)
    [why] = [one for one in verdict_block(small).claims if one.predicate.id == "worse.small"]
    assert why.render().replace("\u00a0", " ") == (
        "Förändringen är säkerställd men mindre än 0,5 procentenheter; därför sägs nivån vara i "
        "stort sett oförändrad."
    )
    assert "i stort sett oförändrad" in track_summary(small)
    for lang in LANGUAGES:
        sound(verdict_block(small, lang=lang), lang)
    assert not dataclasses.replace(why, values={**why.values, "end": 0.19}).holds()
    assert not dataclasses.replace(why, values={**why.values, "z": -1.0}).holds()


@pytest.mark.parametrize("status", ["worse", "far_behind", "no_certain_change", "too_early"])
def test_a_change_with_its_word_needs_no_such_reason(track_of: Tracks, status: str) -> None:
    ids = [one.predicate.id for one in verdict_block(track_of(status)).claims]
    assert "worse.small" not in ids


def test_a_reached_level_before_the_deadline_is_not_yet_met(track_of: Tracks) -> None:
    block = verdict_block(track_of("below_target")).text.replace("\u00a0", " ")
    assert "Målnivån 9,2 % är nådd i december 2025; måldatumet är juni 2027." in block
    assert "Marginalen till målnivån är 12 personer netto" in block


def test_a_target_that_asks_for_no_change_is_not_told_as_progress(track_of: Tracks) -> None:
    track = track_of("met", "rate_up")
    easy = dataclasses.replace(
        track,
        baseline=dataclasses.replace(track.baseline, value=0.82),
        latest=dataclasses.replace(track.latest, value=0.83, low=0.82, high=0.84),
    )
    block = verdict_block(easy).text
    assert block.startswith("Bedömning: Målet uppnått. Målnivån var nådd redan vid utgångsläget")
    assert "uppnåddes" not in block


def test_much_more_than_planned_is_told_in_words(track_of: Tracks) -> None:
    block = verdict_block(track_of("below_target")).text
    assert "Minskningen är mer än dubbelt så stor som målbanan förutsätter." in block
    assert "220" not in block


def test_what_is_to_be_reached_is_named(track_of: Tracks) -> None:
    gap, ratio = (verdict_block(track_of("behind", one)).text for one in ("gap", "ratio"))
    assert "För att nå en skillnad på 11,1 procentenheter i juni 2027 måste takten" in gap
    assert "För att nå kvoten 1,50 i juni 2027 måste takten bli 1,9 gånger så hög." in ratio


def test_a_gap_target_says_what_must_not_change(track_of: Tracks) -> None:
    block = verdict_block(track_of("behind", "gap")).text
    assert (
        "om befolkningen är oförändrad och nivån bland inrikes födda kvinnor inte ändras" in block
    )
    assert "Sysselsättningsgraden bland utrikes födda kvinnor har ökat, från 60,7 till" in block


def test_a_gap_that_closes_by_the_native_born_getting_worse_is_said_so(track_of: Tracks) -> None:
    levels = GapLevels(0.607, 0.607, 0.829, 0.79, "unchanged", "worse", 1.0)
    track = dataclasses.replace(track_of("behind", "gap"), gap_levels=levels)
    text = target_text(track)
    assert text.title.text == (
        "Efter målbanan. Utrikes födda kvinnor: skillnaden i sysselsättningsgrad minskar, mest "
        "genom försämring bland inrikes födda"
    )
    assert "läget för inrikes födda kvinnor har försämrats" in text.verdict.text
    assert "är i stort sett oförändrad, från 60,7 till 60,7 procent" in text.verdict.text
    english = target_text(track, lang="en")
    assert "worsening among native-born" in english.title.text
    assert english.title.words() <= 15


def test_one_person_is_singular(track_of: Tracks) -> None:
    track = track_of("behind")
    assert track.persons is not None
    one = dataclasses.replace(track.persons, target=Shortfall(4_000, 1, 0))
    block = verdict_block(dataclasses.replace(track, persons=one)).text
    assert "Det motsvarar en person färre bland arbetslösa kvinnor netto" in block


def test_rate_and_headcount_that_differ_are_told_together(track_of: Tracks) -> None:
    """METHOD's own sentence, letter by letter."""
    story = Story(-0.8, -12.0, 310.0, "better", "unchanged")
    block = verdict_block(dataclasses.replace(track_of("behind"), story=story)).text
    assert (
        "Andelen har minskat med 0,8 procentenheter, men antalet arbetslösa är i stort sett "
        "oförändrat (12 färre): fler ingår i arbetskraften." in block
    )


@pytest.mark.parametrize("kind", ["rate_down", "rate_up"])
@pytest.mark.parametrize("base", [-400.0, 0.0, 400.0])
@pytest.mark.parametrize("count", ["better", "worse", "unchanged"])
@pytest.mark.parametrize("rate", ["better", "worse", "unchanged"])
def test_every_pair_of_stories_is_told(
    track_of: Tracks, sound: Sound, rate: str, count: str, base: float, kind: str
) -> None:
    sign = -1 if kind == "rate_down" else 1
    size = {"better": sign, "worse": -sign, "unchanged": 0}
    story = Story(1.3 * size[rate], 250.0 * size[count], base, rate, count)
    track = dataclasses.replace(track_of("behind", kind), story=story)
    for lang in LANGUAGES:
        block = verdict_block(track, lang=lang)
        sound(block, lang)
        assert any(one.predicate.id.startswith("story.") for one in block.claims) == (rate != count)


def test_whether_unemployment_fell_into_jobs(track_of: Tracks, sound: Sound) -> None:
    track = track_of("behind")
    cases = {
        "har samtidigt ökat, från 55,1 till 57,0 procent (netto 120 färre arbetslösa och 340 fler "
        "sysselsatta)": IntoWork(-120, 340, 220, 100, 0.551, 0.570, "better", True),
        "är däremot i stort sett oförändrad": IntoWork(
            -120, 4, -116, 100, 0.551, 0.552, "unchanged", False
        ),
        "har samtidigt minskat, från 55,1 till 53,0 procent": IntoWork(
            -120, -300, -420, 10, 0.551, 0.530, "worse", False
        ),
    }
    for words, work in cases.items():
        block = verdict_block(dataclasses.replace(track, into_work=work))
        assert words in block.text
        sound(verdict_block(dataclasses.replace(track, into_work=work), lang="en"), "en")
    silent = dataclasses.replace(cases.popitem()[1], into_work=None)
    told = verdict_block(dataclasses.replace(track, into_work=silent)).text
    assert "Sysselsättningsgraden" not in told


def test_preliminary_periods_and_the_unpublished_outcome(track_of: Tracks) -> None:
    track = track_of("behind", preliminary=True)
    late = dataclasses.replace(track.verdict, outcome_unpublished=True, season_left_in=True)
    block = verdict_block(dataclasses.replace(track, verdict=late)).text
    assert "Utfallet för måldatumet är ännu inte publicerat." in block
    assert "Säsongen är inte borträknad." in block
    assert "1 av 30 perioder i underlaget är preliminära och kan revideras." in block


def test_the_same_group_elsewhere_and_later_data_are_told_apart(
    track_of: Tracks, sound: Sound
) -> None:
    track = track_of("met")
    before, now = (
        dataclasses.replace(one, value=value)
        for one, value in ((track.baseline, 0.129), (track.latest, 0.130))
    )
    later = dataclasses.replace(track.latest, period=track.latest.period + 2, value=0.12)
    beside = Comparison("00", track.series, before, now)
    full = dataclasses.replace(track, comparison=beside, after_deadline=later)
    lines = [one.text for one in target_text(full).lines]
    assert (
        "I riket var arbetslösheten bland utrikes födda kvinnor 12,9 procent i juni 2024 och 13,0 "
        "procent i juni 2027." in lines
    )
    assert (
        "Efter måldatumet, i augusti 2027, var arbetslösheten bland utrikes födda kvinnor 12,0 "
        "procent." in lines
    )
    for one in target_text(full, lang="en").lines:
        sound(one, "en")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("rate_down", "Målet är att halvera arbetslösheten bland utrikes födda kvinnor i Malmö"),
        ("rate_up", "i Malmö ska vara minst 70,0 procent i juni 2027"),
        ("gap", "Målet är att halvera skillnaden i sysselsättningsgrad mellan utrikes och inrikes"),
        ("ratio", "ska vara högst 1,50 i juni 2027"),
        (
            "count_down",
            "antalet arbetslösa utrikes födda kvinnor i Malmö ska vara högst 3\u202f200",
        ),
        ("count_up", "Målet är 3\u202f000 fler sysselsatta utrikes födda kvinnor i Malmö"),
    ],
)
def test_the_target_itself_is_stated(track_of: Tracks, kind: str, words: str) -> None:
    assert words in target_text(track_of("behind", kind)).lines[0].text


def test_a_claim_about_the_target_that_does_not_fit_its_numbers_is_not_made(
    track_of: Tracks,
) -> None:
    """A target to halve whose level is not half of the baseline is not called a halving."""
    track = dataclasses.replace(track_of("behind"), goal=0.1)
    assert not any("halvera" in one.text for one in target_text(track).lines)


def source(**more: object) -> Source:
    found = catalogue.sources_of([("scb-bas-month", "2026-08-28.00000000")])[0]
    return dataclasses.replace(found, **more)  # type: ignore[arg-type]


def test_the_source_line_of_the_charts_page_is_verbatim() -> None:
    line = source_line([source()], organisation="Malmö stad", version="0.1")
    assert line.text == (
        "Källa: SCB, Befolkningens arbetsmarknadsstatus (BAS), tabell TAB6260, uppdaterad "
        "2026-08-28. Preliminära uppgifter. Bearbetning: Malmö stad med integstats 0.1."
    )


def test_fetched_is_only_said_of_what_was_fetched() -> None:
    fetched = source(obtained="fetched", fetched_at="2026-09-01")
    assert ", hämtad 2026-09-01." in source_line([fetched]).text
    for one in (source(), source(obtained="saved by hand"), source(fetched_at="2026-09-01")):
        assert "hämtad" not in source_line([one]).text
    carried = source(obtained="carried over", note_sv="återgiven ur X", note_en="from X")
    assert ", återgiven ur X. " in source_line([carried]).text
    assert ", from X. " in source_line([carried], lang="en").text


def test_own_and_invented_figures_have_no_publisher() -> None:
    assert source_line([], dataset="own-placements").text.startswith(
        "Källa: egna uppgifter (own-placements)."
    )
    assert source_line([], dataset="synthetic-x").text.startswith("Påhittade tal, utan källa.")


def test_a_decided_target_names_who_decided_it(track_of: Tracks) -> None:
    track = track_of("behind")
    assert track_footer(track)[0].text == "Målet är beslutat av kommunfullmäktige 2024-06-19."
    target = dataclasses.replace(track.target, url="https://example.org/mal")
    footer = track_footer(dataclasses.replace(track, target=target))
    assert footer[0].text.endswith("2024-06-19 (https://example.org/mal).")


def test_a_group_that_lacks_members_says_which(track_of: Tracks) -> None:
    track = track_of("behind", place="Skåne Nordost")
    track = dataclasses.replace(track, missing_members=("1273",))
    assert "5 av 6 medlemmar ingår i Skåne Nordost; Osby saknas." in [
        one.text for one in track_footer(track)
    ]


def test_assumptions_are_printed_on_every_output(track_of: Tracks, sound: Sound) -> None:
    track = track_of("behind", "gap")
    footer = " ".join(one.text for one in target_text(track).footer)
    for words in ("avläsning (tolvmånadersmedel)", "målbana (rak)", "inrikes födda av samma kön"):
        assert words in footer
    for lang in LANGUAGES:
        for one in assumption_lines(track, lang=lang):
            sound(one, lang)
    assert len(assumption_lines(track)) == len(track.assumptions) == 3


def test_eurostats_ratio_is_labelled_as_not_the_verdict(track_of: Tracks) -> None:
    note = growth_note(track_of("behind")).text
    assert note.startswith("Eurostats kvot av tillväxttakter är 0,85. Den är inte bedömningen")
    assert not growth_note(dataclasses.replace(track_of("behind"), cagr_ratio=float("nan")))


def test_several_pooled_places_are_named_together(track_of: Tracks) -> None:
    track = track_of("behind", decided=False)
    target = dataclasses.replace(track.target, places=("1280", "1283"))
    track = dataclasses.replace(track, target=target, place=target.place)
    text = target_text(track)
    assert "i Malmö och Helsingborg" in text.alt.text
    assert text.footer[0].text == (
        "Räkneexempel. Målet är inte beslutat av Malmö stad och Helsingborgs stad."
    )


def test_the_government_is_named_in_the_language_of_the_footer(track_of: Tracks) -> None:
    track = track_of("behind", decided=False, place="riket")
    assert target_text(track).footer[0].text.endswith("inte beslutat av regeringen.")
    english = target_text(track, lang="en").footer[0].text
    assert english.endswith("has not been decided by the Government.")
    malmo = target_text(track_of("behind", decided=False), lang="en").footer[0].text
    assert malmo.endswith("has not been decided by Malmö stad.")


def test_an_assumption_says_itself_without_a_track(track_of: Tracks) -> None:
    track = track_of("behind", "gap")
    for lang in LANGUAGES:
        said = [one.sentence(lang) for one in track.target.assumptions]
        assert said == [one.text for one in assumption_lines(track, lang=lang)]
    assert track.target.assumptions[0].sentence().startswith("Antagande om avläsning: tolvmånad")


def test_a_count_that_the_catalogue_does_not_know_keeps_its_name(track_of: Tracks) -> None:
    target = Target.add_count(
        "placements",
        500,
        places=["Malmö"],
        dataset="own-placements",
        age="20-64",
        baseline="2024-06",
        deadline="2027-06",
        better="up",
    )
    track = dataclasses.replace(track_of("behind", "count_up"), target=target, sources=())
    text = target_text(track)
    assert "placements" in text.lines[0].text
    assert "Källa: egna uppgifter (own-placements)." in text.footer[-1].text
