"""The header of a PX file: statements such as ``VALUES[en]("sex")="men","women";``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from integstats.errors import SchemaError, UnknownCodeError, did_you_mean

# What stands between quotes is never looked into, so a note may hold "DATA=", ";" or "=".
_STATEMENT = re.compile(
    rb"\s*(?P<keyword>[A-Z][A-Z0-9-]*)"
    rb"\s*(?:\[(?P<language>[^\]\"]*)\])?"
    rb"\s*(?:\((?P<keys>(?:[^\")]++|\"[^\"]*+\")*+)\))?"
    rb"\s*=(?P<value>(?:[^\";]++|\"[^\"]*+\")*+);",
    re.IGNORECASE,
)
_DATA = re.compile(rb"\s*DATA\s*=", re.IGNORECASE)
# A text may be continued on the next line in quotes of its own.
_ITEM = re.compile(r'"[^"]*"(?:\s*"[^"]*")*|[^",\s]+')
_QUOTED = re.compile(r'"([^"]*)"')
# Publishers write ISO-8859-1 and mean Windows-1252, which only differs where the former has
# control characters.
_ENCODINGS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ansi": "cp1252"}


class Entry(NamedTuple):
    """One statement: its keyword, the keys in its brackets, its items and its value as written."""

    keyword: str
    language: str
    keys: tuple[str, ...]
    items: tuple[str, ...]
    raw: str

    @property
    def text(self) -> str:
        """The value, without quotes where it is one text."""
        return self.items[0] if len(self.items) == 1 else self.raw

    @property
    def name(self) -> str:
        """The statement's left side, without the language."""
        quoted = ",".join(f'"{key}"' for key in self.keys)
        return f"{self.keyword}({quoted})" if self.keys else self.keyword


class Name(NamedTuple):
    """A variable or category by its text in the chosen language and in the file's first."""

    text: str
    native: str


class Header:
    """The statements before DATA, looked up in one language and else in the file's first.

    Attributes
    ----------
    language
        The language of the texts; None where the file does not say.
    end
        Where in the file the cells begin.
    """

    def __init__(self, entries: Iterable[Entry], *, end: int, language: str | None) -> None:
        self.end = end
        self._entries: dict[tuple[str, str, tuple[str, ...]], list[Entry]] = {}
        self._used: set[tuple[str, tuple[str, ...]]] = set()
        entries = list(entries)
        first = next((entry.text for entry in entries if entry.keyword == "LANGUAGE"), None)
        spoken = next((entry.items for entry in entries if entry.keyword == "LANGUAGES"), ())
        self.language = language or first
        if language is not None and language not in (first, *spoken):
            raise UnknownCodeError(
                f"The PX file has no texts in {language!r}.{did_you_mean(language, spoken)} "
                f"It has {', '.join(map(repr, spoken or (first,)))}."
            )
        self._chosen = "" if self.language == first else str(language)
        for entry in entries:
            spoken_in = "" if entry.language == first else entry.language
            self._entries.setdefault((spoken_in, entry.keyword, entry.keys), []).append(entry)

    @classmethod
    def read(cls, data: bytes, *, language: str | None = None) -> Header:
        """Decode the header of a PX file.

        Raises
        ------
        SchemaError
            The bytes are no PX file, or its code page is unknown or not the one it says.
        UnknownCodeError
            The file does not have the language.
        """
        at, found = 3 if data.startswith(b"\xef\xbb\xbf") else 0, []
        while (cells := _DATA.match(data, at)) is None:
            statement = _STATEMENT.match(data, at)
            if statement is None:
                got = data[at : at + 60].strip()
                raise SchemaError(
                    "Not a PX file: expected a KEYWORD=value; statement or DATA= at byte "
                    f"{at} of {len(data)}; got {got!r}. Fetch the file again."
                )
            found.append(statement)
            at = statement.end()
        encoding = _encoding(data[: cells.start()], found)
        entries = []
        for statement in found:
            try:
                keyword, spoken_in, keys, raw = (
                    (part or b"").decode(encoding).strip()
                    for part in statement.group("keyword", "language", "keys", "value")
                )
            except UnicodeDecodeError as error:
                raise SchemaError(
                    f"The PX file is not in the code page it says, {encoding}: {error}."
                ) from None
            entries.append(Entry(keyword.upper(), spoken_in, _items(keys), _items(raw), raw))
        return cls(entries, end=cells.end(), language=language)

    def variables(self) -> list[Name]:
        """Return the variables, slowest first.

        Raises
        ------
        SchemaError
            There are none, or not the same number in each language.
        """
        native = [
            item
            for keyword in ("STUB", "HEADING")
            for entry in self._entries.get(("", keyword, ()), ())
            for item in entry.items
        ]
        texts = [*self.items("STUB"), *self.items("HEADING")]
        if not texts or len(texts) != len(native):
            raise SchemaError(
                f"The PX file's STUB and HEADING name {len(texts)} variables "
                f"({', '.join(map(repr, texts))}) in {self.language!r} and {len(native)} "
                "in its first language; it needs one or more, the same in each."
            )
        return [Name(*pair) for pair in zip(texts, native, strict=True)]

    def native_items(self, keyword: str, key: Name) -> tuple[str, ...]:
        """Return a statement's items in the file's first language."""
        found = self._entries.get(("", keyword, (key.native,)))
        return found[0].items if found else ()

    def items(self, keyword: str, *keys: Name) -> tuple[str, ...]:
        """Return the items of a statement, or none where the file does not have it."""
        found = self._find(keyword, *keys)
        return found[0].items if found else ()

    def text(self, keyword: str, *keys: Name) -> str | None:
        """Return the text of a statement, or None where the file does not have it."""
        found = self._find(keyword, *keys)
        return found[0].text if found else None

    def entries(self, keyword: str) -> list[Entry]:
        """Return every statement of a keyword, whatever its keys."""
        for spoken_in in (self._chosen, ""):
            found = [
                entry
                for (tongue, word, _), entries in self._entries.items()
                for entry in entries
                if (tongue, word) == (spoken_in, keyword)
            ]
            if found:
                self._used.update((keyword, entry.keys) for entry in found)
                return found
        return []

    def notes(self, keyword: str, *keys: Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return all notes of a keyword, and the mandatory ones (of the keyword and X)."""
        shown, others = (
            tuple(
                note.replace("#", "\n").strip()
                for entry in self._find(word, *keys)
                for note in entry.text.split("##")
                if note.strip("# \n")
            )
            for word in (f"{keyword}X", keyword)
        )
        return shown + others, shown

    def rest(self) -> dict[str, str]:
        """Return what has not been asked for, by the name it has in the file."""
        rest: dict[str, str] = {}
        for spoken_in in dict.fromkeys(("", self._chosen)):
            for (tongue, keyword, keys), entries in self._entries.items():
                unasked = (keyword, keys) not in self._used
                if tongue == spoken_in and unasked and (tongue == self._chosen or not keys):
                    rest[entries[0].name] = "\n".join(entry.text for entry in entries)
        return rest

    def _find(self, keyword: str, *keys: Name) -> list[Entry]:
        for spoken_in, names in (
            (self._chosen, tuple(key.text for key in keys)),
            ("", tuple(key.native for key in keys)),
        ):
            found = self._entries.get((spoken_in, keyword, names))
            if found:
                self._used.add((keyword, names))
                return found
        return []


def _items(raw: str) -> tuple[str, ...]:
    return tuple(
        "".join(_QUOTED.findall(item)) if item.startswith('"') else item
        for item in _ITEM.findall(raw)
    )


def _encoding(header: bytes, statements: Iterable[re.Match[bytes]]) -> str:
    try:
        header.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    pages = (
        statement["value"].strip(b'" \r\n').decode("ascii", "replace").lower()
        for statement in statements
        if statement["keyword"].upper() == b"CODEPAGE"
    )
    name = next(pages, "ansi")
    encoding = _ENCODINGS.get(name, name)
    try:
        b"a".decode(encoding)
    except (LookupError, UnicodeDecodeError):
        raise SchemaError(
            f"Unknown CODEPAGE in the PX file: {name!r}. Known are utf-8, iso-8859-1, "
            "iso-8859-15, windows-1252 and Python's other encodings."
        ) from None
    return encoding
