"""The one place that turns numbers and periods into text, and text back into numbers.

Rounding is half away from zero on the decimal number a reader sees, not on its binary neighbour:
0.145 shown as per cent is 14.5, and 2.5 without decimals is 3. Digits beyond the twelfth
significant one are arithmetic noise (``100 * (0.3135 - 0.1)`` is 21.349999999999998) and are
dropped first. A value that rounds to zero has no sign.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Literal

from integstats.catalogue import Language
from integstats.errors import SchemaError, UnknownCodeError, did_you_mean

NO_BREAK = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"
EN_DASH = "\u2013"

Unit = Literal["percent", "points", "count", "plain"]
UNITS: tuple[Unit, ...] = ("percent", "points", "count", "plain")

_SIGNIFICANT = 12
_GROUP: dict[Language, str] = {"sv": NARROW, "en": ","}
_POINT: dict[Language, str] = {"sv": ",", "en": "."}
_PERCENT: dict[Language, str] = {"sv": f"{NO_BREAK}%", "en": "%"}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?")


def exact(value: float) -> Decimal:
    """Return the decimal number a reader would see, free of arithmetic noise.

    Raises
    ------
    SchemaError
        When the value is missing or infinite: a missing figure is never written as a number.

    Examples
    --------
    >>> exact(0.1 + 0.2)
    Decimal('0.3')
    """
    if not math.isfinite(value):
        raise SchemaError(
            f"No text for the number {value!r}: a missing figure cannot be written as one. "
            "Leave the sentence or the label out."
        )
    shown = Decimal(repr(float(value)))
    surplus = len(shown.as_tuple().digits) - _SIGNIFICANT
    if surplus > 0:
        unit = Decimal(1).scaleb(int(shown.as_tuple().exponent) + surplus)
        shown = shown.quantize(unit, rounding=ROUND_HALF_EVEN)
    return shown.normalize()


def rounded(value: float | Decimal, decimals: int = 0) -> Decimal:
    """Round half away from zero; never a negative zero.

    Examples
    --------
    >>> [str(rounded(one, 1)) for one in (14.45, 100 * (0.3135 - 0.1), -0.04)]
    ['14.5', '21.4', '0.0']
    """
    shown = value if isinstance(value, Decimal) else exact(value)
    found = shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return found if found else abs(found)


def number(
    value: float | Decimal, *, decimals: int = 0, signed: bool = False, lang: Language = "sv"
) -> str:
    """Return a number with the separators of the language.

    Parameters
    ----------
    value
        Any finite number.
    decimals
        Digits after the decimal sign.
    signed
        Write a plus before what is above zero.
    lang
        ``sv``: decimal comma, narrow no-break space in thousands. ``en``: point and comma.

    Examples
    --------
    >>> number(1234.5, decimals=1, lang="en"), number(-3, lang="sv") == MINUS + "3"
    ('1,234.5', True)
    """
    found = rounded(value, decimals)
    whole, _, fraction = f"{abs(found):,f}".partition(".")
    sign = MINUS if found < 0 else "+" if signed and found > 0 else ""
    text = sign + whole.replace(",", _GROUP[lang])
    return text + _POINT[lang] + fraction if fraction else text


def count(value: float, *, signed: bool = False, lang: Language = "sv") -> str:
    """Return a number of persons: whole, with thousands apart."""
    return number(value, signed=signed, lang=lang)


def per_cent(share: float, *, decimals: int = 1, lang: Language = "sv") -> str:
    """Return a share 0–1 as a bare number of per cent, without the sign.

    Examples
    --------
    >>> per_cent(0.145, lang="en"), per_cent(0.145, decimals=0, lang="en")
    ('14.5', '15')
    """
    return number(exact(share).scaleb(2), decimals=decimals, lang=lang)


def percent(share: float, *, decimals: int = 1, signed: bool = False, lang: Language = "sv") -> str:
    """Return a share 0–1 as charts and tables show it: 13,0 % and 13.0%.

    Examples
    --------
    >>> percent(0.13, lang="en"), percent(0.13) == "13,0" + NO_BREAK + "%"
    ('13.0%', True)
    """
    shown = number(exact(share).scaleb(2), decimals=decimals, signed=signed, lang=lang)
    return shown + _PERCENT[lang]


def percent_words(share: float, *, decimals: int = 1, lang: Language = "sv") -> str:
    """Return a share 0–1 as sentences say it: 13,0 procent and 13.0 per cent."""
    word = "procent" if lang == "sv" else "per cent"
    return f"{per_cent(share, decimals=decimals, lang=lang)} {word}"


def points(pp: float, *, decimals: int = 1, signed: bool = False, lang: Language = "sv") -> str:
    """Return a difference in percentage points, in words; a difference is never a per cent.

    Examples
    --------
    >>> points(21.3), points(1, decimals=0), points(21.3, lang="en")
    ('21,3 procentenheter', '1 procentenhet', '21.3 percentage points')
    """
    shown = number(pp, decimals=decimals, signed=signed, lang=lang)
    single = shown.lstrip("+" + MINUS) == "1"
    if lang == "sv":
        return f"{shown} procentenhet{'' if single else 'er'}"
    return f"{shown} percentage point{'' if single else 's'}"


def interval(low: float, high: float, *, decimals: int = 1, lang: Language = "sv") -> str:
    """Return a range of plain numbers: 11,6–14,5; with words where a bound is negative.

    Examples
    --------
    >>> interval(11.6, 14.5), interval(-1, 2.5, lang="en") == MINUS + "1.0 to 2.5"
    ('11,6–14,5', True)
    """
    first, second = (number(one, decimals=decimals, lang=lang) for one in (low, high))
    if MINUS in first + second:
        return f"{first} {'till' if lang == 'sv' else 'to'} {second}"
    return f"{first}{EN_DASH}{second}"


def percent_interval(low: float, high: float, *, decimals: int = 1, lang: Language = "sv") -> str:
    """Return a range of shares 0–1 as bare numbers of per cent: 11,6–14,5."""
    low_pct, high_pct = float(exact(low).scaleb(2)), float(exact(high).scaleb(2))
    return interval(low_pct, high_pct, decimals=decimals, lang=lang)


def decimals_apart(first: float, second: float, *, least: int = 1, most: int = 3) -> int:
    """Return how many decimals tell two different numbers apart, at least `least`.

    A text that says two numbers differ must not print them alike.

    Examples
    --------
    >>> decimals_apart(10.0, 10.04), decimals_apart(10.0, 11.0), decimals_apart(10.0, 10.0)
    (2, 1, 1)
    """
    if exact(first) == exact(second):
        return least
    for decimals in range(least, most):
        if rounded(first, decimals) != rounded(second, decimals):
            return decimals
    return most


def period(value: object, *, short: bool = False, lang: Language = "sv") -> str:
    """Return a month, a quarter or a year in words.

    Parameters
    ----------
    value
        A pandas Period, or its text: 2024-06, 2024Q2, 2024.
    short
        Only the month's first three letters, for an axis that shows the year elsewhere.
    lang
        Language; Swedish months are written in lower case.

    Raises
    ------
    SchemaError
        When it is none of these.

    Examples
    --------
    >>> period("2024-06"), period("2024-06", short=True), period("2024Q2"), period("2024")
    ('juni 2024', 'jun', 'kvartal 2 2024', '2024')
    """
    found = _PERIOD.fullmatch(str(value))
    if found is None:
        raise SchemaError(
            f"Not a period: {str(value)!r}. Allowed: a month as 2024-06, a quarter as 2024Q2, "
            "a year as 2024."
        )
    year = found["year"]
    if found["month"]:
        name = _MONTHS[lang][int(found["month"]) - 1]
        return name[:3] if short else f"{name} {year}"
    if found["quarter"]:
        quarter = found["quarter"]
        return f"kvartal {quarter} {year}" if lang == "sv" else f"Q{quarter} {year}"
    return year


def periods(first: object, last: object, *, lang: Language = "sv") -> str:
    """Return a span of periods: juni 2024–juni 2026; one period alone when they are the same."""
    start, end = period(first, lang=lang), period(last, lang=lang)
    return start if start == end else f"{start}{EN_DASH}{end}"


def date(value: object) -> str:
    """Return a date as 2026-08-28.

    Raises
    ------
    SchemaError
        When it does not begin with one.
    """
    text = str(value)[:10]
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise SchemaError(f"Not a date: {str(value)!r}. Write it as 2026-08-28.") from None


def span(code: str) -> str:
    """Return an age span as it is read: 20–64.

    Examples
    --------
    >>> span("20-64")
    '20–64'
    """
    return code.replace("-", EN_DASH)


def tick_decimals(values: Iterable[float], unit: Unit) -> int:
    """Return how many decimals show every tick exactly, at most 6."""
    shift = 2 if unit == "percent" else 0
    found = [exact(one).scaleb(shift).normalize().as_tuple().exponent for one in values]
    return min(max([0, *(-int(one) for one in found)]), 6)


def tick(value: float, *, unit: Unit, decimals: int = 0, lang: Language = "sv") -> str:
    """Return the text of a tick; `parse` gives the value back when `decimals` suffice.

    Parameters
    ----------
    value
        Where the tick stands: a share 0–1 for ``percent``, else the number shown.
    unit
        ``percent``, ``points`` (percentage points: bare, the axis title has the unit), ``count``
        or ``plain``.
    decimals
        What `tick_decimals` found for all the ticks of the axis.
    lang
        Language.

    Examples
    --------
    >>> tick(0.2, unit="percent", lang="en"), tick(2.5, unit="points", decimals=1)
    ('20%', '2,5')
    """
    if unit not in UNITS:
        raise UnknownCodeError(
            f"Unknown unit: {unit!r}.{did_you_mean(unit, UNITS)} Allowed: {', '.join(UNITS)}."
        )
    if unit == "percent":
        return percent(value, decimals=decimals, lang=lang)
    return number(value, decimals=decimals, lang=lang)


def parse(text: str, *, lang: Language = "sv") -> float:
    """Read a number back from its text, by the rules of the language alone.

    Parameters
    ----------
    text
        One number, with a sign, thousands and decimals as `number` writes them; with a per cent
        sign, a share is returned.
    lang
        Language.

    Raises
    ------
    SchemaError
        When the text is not a number in that language: a decimal point in Swedish, a hyphen for a
        minus, a plain space before %.

    Examples
    --------
    >>> parse(percent(0.13)), parse("1,234.5", lang="en"), parse(number(-38000))
    (0.13, 1234.5, -38000.0)
    """
    percent_sign = text.endswith(_PERCENT[lang])
    bare = text.removesuffix(_PERCENT[lang])
    group, point = re.escape(_GROUP[lang]), re.escape(_POINT[lang])
    if not re.fullmatch(rf"[+{MINUS}]?(\d{{1,3}}({group}\d{{3}})*)({point}\d+)?", bare):
        raise SchemaError(
            f"Not a number in {'Swedish' if lang == 'sv' else 'English'}: {text!r}. Expected one "
            f"as {number(-1234.5, decimals=1, lang=lang)!r} or {percent(0.13, lang=lang)!r}."
        )
    plain = bare.replace(_GROUP[lang], "").replace(_POINT[lang], ".").replace(MINUS, "-")
    found = Decimal(plain)
    return float(found.scaleb(-2) if percent_sign else found)
