"""What may stand in a file: text without forbidden characters, addresses of pages only."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


def printable(text: str) -> str:
    """Return text with every character that XML forbids replaced by a question mark in a diamond.

    Examples
    --------
    >>> printable("Malmö"), printable("a\\x00b") == "a\\ufffdb"
    ('Malmö', True)
    """
    return _FORBIDDEN.sub(REPLACEMENT, text)


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
