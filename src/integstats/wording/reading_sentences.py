"""Where a verdict flips with the way a target is read, and what many targets show by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from integstats.catalogue import Language
from integstats.targets.ranks import RankPosition
from integstats.targets.reading_table import ADJUSTED, ReadAs, ReadingTable
from integstats.wording.change import Z_CERTAIN
from integstats.wording.claims import Claim, Predicate, Text, Value, first_true
from integstats.wording.verdict_sentences import PREDICATES as VERDICT_PREDICATES
from integstats.wording.verdict_sentences import verdict_word

FALSE_ALARM = 0.05
"""How often one target without any true change shows a certain improvement, at most."""
Values = Mapping[str, Any]

_AS = {
    "rate": ("som andel", "as a rate"),
    "count": ("som antal", "as a headcount"),
    "gap": ("som skillnad mot inrikes födda", "as a gap to the native-born"),
    "ratio": ("som kvot mot inrikes födda", "as a ratio to the native-born"),
}
_HOW = {
    "plain": ("{reading:reading}", "{reading:reading}"),
    "adjusted": ("säsongsrensade månadsvärden", "seasonally adjusted monthly figures"),
}
_DONE = {
    "down": (
        " ({share_done:pct|0} av den planerade minskningen)",
        " ({share_done:pct|0} of the planned fall)",
    ),
    "up": (
        " ({share_done:pct|0} av den planerade ökningen)",
        " ({share_done:pct|0} of the planned rise)",
    ),
    "none": ("", ""),
}
_OVERVIEW = [
    Predicate(
        "readings.flip",
        lambda v: 0 < v["apart"] < v["n"],
        "Bedömningen beror på hur målet läses: {apart:count} av {n:count} avläsningar får en annan "
        "bedömning än målets egen.",
        "The verdict depends on how the target is read: {apart:count} of {n:count} readings give "
        "another verdict than the target's own.",
    ),
    Predicate(
        "readings.direction",
        lambda v: v["apart"] == 0 and v["better_in"] > 0 and v["worse_in"] > 0,
        "Bedömningen är densamma hur målet än läses ({n:count} avläsningar), men riktningen är det "
        "inte: {better_in:count} visar en säkerställd förbättring och {worse_in:count} en "
        "säkerställd försämring.",
        "The verdict is the same however the target is read ({n:count} readings), but the "
        "direction is not: {better_in:count} show an established improvement and "
        "{worse_in:count} an established deterioration.",
    ),
    Predicate(
        "readings.same",
        lambda v: v["apart"] == 0 and not (v["better_in"] > 0 and v["worse_in"] > 0) and v["n"] > 1,
        "Bedömningen är densamma hur målet än läses ({n:count} avläsningar).",
        "The verdict is the same however the target is read ({n:count} readings).",
    ),
]


def _row_of(followed: str, how: str, better: str) -> Callable[[Values], bool]:
    return lambda v: (
        v["followed"] == followed
        and (v["reading"] == ADJUSTED) == (how == "adjusted")
        and (v["better"] if "share_done" in v else "none") == better
        and v["word"] == verdict_word(v) != ""
    )


_ROWS = [
    Predicate(
        f"reading.{followed}.{how}.{better}",
        _row_of(followed, how, better),
        f"{as_sv}, {how_sv}: {{word:verdict}}{done_sv}.",
        f"{as_en}, {how_en}: {{word:verdict}}{done_en}.",
    )
    for followed, (as_sv, as_en) in _AS.items()
    for how, (how_sv, how_en) in _HOW.items()
    for better, (done_sv, done_en) in _DONE.items()
]
_BY_CHANCE = Predicate(
    "many.by_chance",
    lambda v: v["m"] > 1 and abs(v["k"] - FALSE_ALARM * v["m"]) < 1e-9,
    "Om ingenting hade förändrats skulle ungefär {k:number|1} av {m:count} mål ändå visa en "
    "säkerställd förbättring, av en slump.",
    "If nothing had changed, about {k:number|1} of {m:count} targets would still show an "
    "established improvement, by chance.",
)
_RANK = Predicate(
    "rank.set",
    lambda v: 1 <= v["rank_low"] <= v["rank"] <= v["rank_high"] <= v["ranked"],
    "{measure:definite} {place:in} {period:when}: plats {rank:count} av {ranked:count} (med "
    "slumpen inräknad plats {rank_low:interval|{rank_high}|persons|0}). Målet är plats "
    "{goal:count}; en placering får ingen bedömning.",
    "{measure:definite} {place:in} {period:when}: rank {rank:count} of {ranked:count} (with chance "
    "taken into account rank {rank_low:interval|{rank_high}|persons|0}). The target is rank "
    "{goal:count}; a rank gets no verdict.",
)

PREDICATES: Mapping[str, Predicate] = {
    one.id: one for one in (*_OVERVIEW, *_ROWS, _BY_CHANCE, _RANK)
}


def reading_text(found: ReadingTable, *, lang: Language = "sv") -> Text:
    """Return where the verdict flips: an overview, the target's own reading, those that differ."""
    rows = found.rows
    values: dict[str, Value] = {
        "n": len(rows),
        "apart": len(found.flips),
        "better_in": sum(one.z >= Z_CERTAIN for one in rows),
        "worse_in": sum(one.z <= -Z_CERTAIN for one in rows),
    }
    overview = first_true(_OVERVIEW, values)
    lead = VERDICT_PREDICATES["lead.verdict" if found.target.decided else "lead.illustrative"]
    told = rows[:1] if not found.flips else (rows[0], *found.flips)
    if overview is not None and overview.predicate.id == "readings.direction":
        told = rows
    claims = [Claim(lead, {"decided": found.target.decided}), *(_row(one) for one in told)]
    return Text.of(*([] if overview is None else [overview]), *claims, lang=lang)


def by_chance(targets: int, *, lang: Language = "sv") -> Text:
    """Return how many of many targets would show an improvement by chance; empty for one."""
    claim = Claim(_BY_CHANCE, {"m": targets, "k": FALSE_ALARM * targets})
    return Text.of(*([claim] if claim.holds() else []), lang=lang)


def rank_text(found: RankPosition, *, lang: Language = "sv") -> Text:
    """Return the rank with its confidence set, and that it gets no verdict."""
    fields = ("period", "goal", "rank", "rank_low", "rank_high", "ranked")
    values: dict[str, Any] = {name: getattr(found, name) for name in fields}
    return Text.of(
        Claim(_RANK, {**values, "place": found.place, "measure": found.target.measure}), lang=lang
    )


def _row(one: ReadAs) -> Claim:
    numbers = ("latest", "goal", "z", "expected_z", "probability", "share_done")
    values: dict[str, Any] = {
        "followed": one.followed,
        "reading": one.reading,
        "better": one.target.better,
        "status": one.status,
        "reason": one.reason,
        "period": str(one.period),
        "deadline": str(one.target.deadline_period),
        **{name: getattr(one, name) for name in numbers},
        **dict(zip(("reading_before", "reading_before_that"), one.previous, strict=False)),
    }
    known = {name: value for name, value in values.items() if value == value}
    known["word"] = verdict_word(known)
    claim = first_true(_ROWS, known)
    assert claim is not None  # every reading is followed as one of them, and has a verdict
    return claim
