"""Words for change: what may be called halved, what has fallen, what is largely unchanged.

The word depends on the exact quotient q of the two levels, as METHOD's table of words says, and
never contradicts the levels as they are printed: where those two say something else, the plain
word is used. "Fallen" and "risen" need a certain change of a visible size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integstats import catalogue
from integstats.targets.chance import Z_CERTAIN as Z_CERTAIN
from integstats.targets.chance import least_change as least_change
from integstats.wording import numbers
from integstats.wording.claims import Claim, Predicate, Value, first_true
from integstats.wording.phrases import Subject

LEVEL_SLOTS = ("own_before", "own_now", "reference_before", "reference_now")
Values = Mapping[str, Any]

_ABOUT = "{group:subject|{unit}|{measure}|{versus}} {place:in}"
_LEVELS = {
    "sv": "från {start:figure|{unit}|{decimals}} till {end:level|{unit}|{decimals}}",
    "en": "from {start:figure|{unit}|{decimals}} to {end:level|{unit}|{decimals}}",
}
_WHEN = {
    "sv": "mellan {start_period:period} och {end_period:period}",
    "en": "between {start_period:period} and {end_period:period}",
}
_NOT_ASSESSED = {
    "sv": ", utan bedömning av osäkerhet",
    "en": ", not assessed for uncertainty",
}


@dataclass(frozen=True)
class Levels:
    """The levels behind a gap, shares 0–1: of the group, and of the group it is held against."""

    own_before: float
    own_now: float
    reference_before: float
    reference_now: float

    def values(self) -> dict[str, float]:
        """Return the slots, named as the fields."""
        return {slot: getattr(self, slot) for slot in LEVEL_SLOTS}


def quotient(start: float, end: float) -> Decimal | None:
    """Return end / start, or nothing where no multiple can be spoken of.

    A gap may be zero or change its sign: then only the levels are told.
    """
    first, last = numbers.exact(start), numbers.exact(end)
    return last / first if first > 0 and last >= 0 else None


def change_claim(
    subject: Subject,
    *,
    start: float,
    end: float,
    start_period: object,
    end_period: object,
    z: float | None,
    least: float,
    decimals: int = 1,
    levels: Levels | None = None,
) -> Claim:
    """Return the claim that says how a level has changed, always with both levels.

    Parameters
    ----------
    subject
        What changed.
    start, end
        The levels in the subject's unit: a share 0–1, percentage points, a ratio, persons.
    start_period, end_period
        When.
    z
        Change divided by its standard error; nothing when it is not known (no denominators):
        the sentence then says so.
    least
        Smallest change, in percentage points, that is called one (`least_change`); it does not
        hold for ratios and counts.
    decimals
        As the levels are printed, here and in the chart.
    levels
        For a gap or ratio: the two levels behind it. It is never called halved where the other
        group got worse by more than half of the fall.
    """
    values: dict[str, Value] = {
        **subject.values(),
        "start": start,
        "end": end,
        "start_period": str(start_period),
        "end_period": str(end_period),
        "least": least,
        "decimals": decimals,
        **(levels.values() if levels is not None else {}),
    }
    if z is not None:
        values["z"] = z
    q = quotient(start, end)
    if q is not None:
        values["cut"] = float(1 - q)
    claim = first_true(PREDICATES.values(), values)
    assert claim is not None  # the last predicate is the negation of all before it
    return claim


def has_changed(v: Values) -> bool:
    """Whether the change is certain, where that is known, and large enough to be called one."""
    return is_large(v) and bool(abs(v.get("z", Z_CERTAIN)) >= Z_CERTAIN)


def is_large(v: Values) -> bool:
    """Whether the change is large enough to be called one, certain or not."""
    size = abs(numbers.exact(v["end"]) - numbers.exact(v["start"]))
    scale = {"share": 100, "pp": 1}.get(v["unit"])
    return bool(size > 0 if scale is None else size * scale >= Decimal(repr(v["least"])))


def fell(v: Values) -> bool:
    """Whether the level is certainly lower than it was."""
    return has_changed(v) and v["end"] < v["start"]


def rose(v: Values) -> bool:
    """Whether the level is certainly higher than it was."""
    return has_changed(v) and v["end"] > v["start"]


def mostly_reference(v: Values) -> bool:
    """Whether more than half of a gap's fall is that the other group got worse."""
    if not all(slot in v for slot in LEVEL_SLOTS):
        return False
    sign = 1 if catalogue.measure(v["measure"]).better == "down" else -1
    gained = sign * (v["own_before"] - v["own_now"])
    other_lost = sign * (v["reference_now"] - v["reference_before"])
    return bool(gained + other_lost > 0 and other_lost > (gained + other_lost) / 2)


def fall_word(v: Values) -> str:
    """Return which word the fall deserves: an id of the predicates, without ``change.``."""
    q = quotient(v["start"], v["end"])
    if q is None or v["unit"] in ("ratio", "rank") or mostly_reference(v):
        return "fell"
    if q == 0:
        return "to_zero"
    shown = _shown_quotient(v["start"], v["end"], v)
    if q < Decimal("0.25"):
        cut = numbers.rounded(100 * (1 - q))
        word = "by_percent" if cut < 100 else "by_nearly_all"
        agrees = shown is not None and abs(100 * (1 - shown) - 100 * (1 - q)) <= 1
    else:
        word, agrees = _band(q, shown)
    return word if agrees else "fell"


def rise_word(v: Values) -> str:
    """Return which word the rise deserves; the mirror image of `fall_word`."""
    if v["unit"] in ("ratio", "rank"):
        return "rose"
    if v["start"] == 0 and v["end"] > 0:
        return "from_zero"
    q = quotient(v["end"], v["start"])
    if q is None:
        return "rose"
    shown = _shown_quotient(v["end"], v["start"], v)
    if q < Decimal("0.25"):
        return "more_than_quadrupled" if shown is not None and 4 * shown < 1 else "rose"
    word, agrees = _band(q, shown)
    return _MIRRORED.get(word, "rose") if agrees else "rose"


_MIRRORED = {
    "more_than_halved": "more_than_doubled",
    "halved": "doubled",
    "almost_halved": "almost_doubled",
}


def _band(q: Decimal, shown: Decimal | None) -> tuple[str, bool]:
    """Return the word for a quotient from 0.25, and whether the printed levels say the same."""
    low, half, high = Decimal("0.45"), Decimal("0.5"), Decimal("0.55")
    if shown is None or q > high:
        return "fell", True
    if q < low:
        return "more_than_halved", shown < half
    if q <= half:
        return "halved", low <= shown <= half
    return "almost_halved", half < shown < Decimal("0.6")


def _shown_quotient(start: float, end: float, v: Values) -> Decimal | None:
    """Return the quotient of the levels as they are printed."""
    shift = 2 if v["unit"] == "share" else 0
    first, last = (
        numbers.rounded(numbers.exact(one).scaleb(shift), int(v["decimals"]))
        for one in (start, end)
    )
    return last / first if first > 0 else None


def _falls(word: str) -> Callable[[Values], bool]:
    return lambda v: fell(v) and fall_word(v) == word


def _rises(word: str) -> Callable[[Values], bool]:
    return lambda v: rose(v) and rise_word(v) == word


def _cut(word: str) -> Callable[[Values], bool]:
    """The same, and the percentage is that of the two levels."""
    return lambda v: (
        fell(v) and fall_word(v) == word and abs(v["cut"] - (1 - v["end"] / v["start"])) < 1e-9
    )


_WORDS: tuple[tuple[str, Callable[[Values], bool], str, str], ...] = (
    (
        "to_zero",
        _falls("to_zero"),
        "har minskat till noll, från {start:level|{unit}|{decimals}},",
        "has fallen to zero, from {start:level|{unit}|{decimals}},",
    ),
    (
        "by_nearly_all",
        _cut("by_nearly_all"),
        f"har minskat med mer än 99 procent, {_LEVELS['sv']},",
        f"has fallen by more than 99 per cent, {_LEVELS['en']},",
    ),
    (
        "by_percent",
        _cut("by_percent"),
        f"har minskat med {{cut:rate|0}}, {_LEVELS['sv']},",
        f"has fallen by {{cut:rate|0}}, {_LEVELS['en']},",
    ),
    (
        "more_than_halved",
        _falls("more_than_halved"),
        f"har mer än halverats {_LEVELS['sv']}",
        f"has more than halved {_LEVELS['en']}",
    ),
    (
        "halved",
        _falls("halved"),
        f"har halverats {_LEVELS['sv']}",
        f"has halved {_LEVELS['en']}",
    ),
    (
        "almost_halved",
        _falls("almost_halved"),
        f"har nästan halverats {_LEVELS['sv']}",
        f"has almost halved {_LEVELS['en']}",
    ),
    (
        "fell",
        _falls("fell"),
        f"har minskat {_LEVELS['sv']}",
        f"has fallen {_LEVELS['en']}",
    ),
    (
        "from_zero",
        _rises("from_zero"),
        "har ökat från noll till {end:level|{unit}|{decimals}}",
        "has risen from zero to {end:level|{unit}|{decimals}}",
    ),
    (
        "more_than_quadrupled",
        _rises("more_than_quadrupled"),
        f"har mer än fyrdubblats {_LEVELS['sv']}",
        f"has more than quadrupled {_LEVELS['en']}",
    ),
    (
        "more_than_doubled",
        _rises("more_than_doubled"),
        f"har mer än fördubblats {_LEVELS['sv']}",
        f"has more than doubled {_LEVELS['en']}",
    ),
    (
        "doubled",
        _rises("doubled"),
        f"har fördubblats {_LEVELS['sv']}",
        f"has doubled {_LEVELS['en']}",
    ),
    (
        "almost_doubled",
        _rises("almost_doubled"),
        f"har nästan fördubblats {_LEVELS['sv']}",
        f"has almost doubled {_LEVELS['en']}",
    ),
    (
        "rose",
        _rises("rose"),
        f"har ökat {_LEVELS['sv']}",
        f"has risen {_LEVELS['en']}",
    ),
    (
        "within_chance",
        lambda v: is_large(v) and not has_changed(v),
        f"är {{measure:unchanged|{{unit}}}}. Förändringen {_LEVELS['sv']} kan vara en slump",
        f"is largely unchanged. The change {_LEVELS['en']} may be chance",
    ),
    (
        "unchanged",
        lambda v: not is_large(v),
        f"är {{measure:unchanged|{{unit}}}}, {_LEVELS['sv']},",
        f"is largely unchanged, {_LEVELS['en']},",
    ),
)


def _dated(words: str, when: str) -> str:
    """Put the dates at the end of the first sentence."""
    first, stop, rest = words.partition(". ")
    return f"{first} {when}{stop}{rest}"


def _when_assessed(test: Callable[[Values], bool], assessed: bool) -> Callable[[Values], bool]:
    return lambda v: ("z" in v) == assessed and test(v)


def _predicates() -> dict[str, Predicate]:
    found = {}
    for word, test, sv, en in _WORDS:
        for assessed, suffix in ((True, ""), (False, "_not_assessed")):
            name = f"change.{word}{suffix}"
            endings = {"sv": "", "en": ""} if assessed else _NOT_ASSESSED
            found[name] = Predicate(
                name,
                _when_assessed(test, assessed),
                f"{_ABOUT} {_dated(sv, _WHEN['sv'])}{endings['sv']}.",
                f"{_ABOUT} {_dated(en, _WHEN['en'])}{endings['en']}.",
            )
    return found


PREDICATES: Mapping[str, Predicate] = _predicates()
