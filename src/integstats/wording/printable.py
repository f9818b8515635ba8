"""What may stand in a file: text without forbidden characters, addresses of pages only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile(r"\s*[\t\n\r\x85\u2028\u2029]+\s*")
REPLACEMENT = "\ufffd"


def printable(text: str) -> str:
    """Return text with every character that XML forbids replaced by a question mark in a diamond.

    Examples
    --------
    >>> printable("Malmö"), printable("a\\x00b") == "a\\ufffdb"
    ('Malmö', True)
    """
    return _FORBIDDEN.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """Return printable text without line breaks and tabs, as a name or a sentence must be.

    Examples
    --------
    >>> one_line("Exempelkommun\\n A")
    'Exempelkommun A'
    """
    return _BREAK.sub(" ", printable(text))


def address(url: str) -> str:
    """Return an address of a web page, or nothing where it leads anywhere else.

    Examples
    --------
    >>> address("https://www.scb.se"), address("javascript:alert(1)"), address("")
    ('https://www.scb.se', '', '')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    found = parts.scheme in ("http", "https") and bool(parts.netloc)
    return printable(url) if found else ""
