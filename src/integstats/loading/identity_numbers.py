"""Swedish personal identity and coordination numbers, found so that a file can be refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})(?!\d)")
_DECIMALS = re.compile(r"\.0+$")


def stands_in(texts: Iterable[object]) -> bool:
    """Whether any of the texts of a column holds a personal identity or coordination number.

    With or without century and dash. Where a spreadsheet has taken them for numbers, those of
    persons born in the years 00 to 09 lack their first zeros; a column of such is known by half
    of its values being right, since a large count can be so by chance.

    Examples
    --------
    >>> stands_in(["Tolvan", "19121212-1212"]), stands_in(["121212-1213", "1250"])
    (True, False)
    """
    found = [_DECIMALS.sub("", str(text).strip()) for text in texts]
    if any(map(_holds, found)):
        return True
    short = [text for text in found if text.isdecimal() and 7 <= len(text) < 10]
    return bool(short) and sum(_holds(text.zfill(10)) for text in short) * 2 >= len(found)


def _holds(text: str) -> bool:
    return any(
        _is_date(year, month, day) and _is_checked(year + month + day + last)
        for year, month, day, last in (one.groups() for one in _NUMBER.finditer(text))
    )


def _is_date(year: str, month: str, day: str) -> bool:
    """Whether it is a day of any century; a coordination number has 60 added to its day."""
    number = int(day) - 60 if int(day) > 60 else int(day)
    for century in ("19", "20"):
        try:
            date(int(century + year), int(month), number)
        except ValueError:
            continue
        return True
    return False


def _is_checked(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (Luhn)."""
    weighted = [int(digit) * (2 - at % 2) for at, digit in enumerate(digits)]
    return sum(one // 10 + one % 10 for one in weighted) % 10 == 0
