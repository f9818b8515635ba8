"""What is inside an .xlsx file: its parts, its sheets, and its XML read as a stream.

Only the standard library is used, so that workbooks of publishers can be read without the extra
``office``. XML is never held as a whole, so that memory does not grow with the file.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from integstats.errors import SchemaError

CHUNK = 2**20
MAGIC = b"PK\x03\x04"
Progress = Callable[[int, int], None]
"""Called with the bytes of XML read and those there are."""


@contextlib.contextmanager
def opened(file: Path | bytes) -> Iterator[zipfile.ZipFile]:
    """Open a workbook; what is damaged inside shows while it is read, and is a SchemaError too.

    Parameters
    ----------
    file
        The file, or its bytes.

    Raises
    ------
    SchemaError
        It is no .xlsx: a web page, an old .xls, protected by a password, cut short or damaged.
    """
    name = "The workbook" if isinstance(file, bytes) else str(file)
    try:
        head = file[:8] if isinstance(file, bytes) else _head(file)
        if head[:4] != MAGIC:
            raise SchemaError(f"{name} is no .xlsx file: {_looks_like(head)}")
        with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as workbook:
            yield workbook
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise SchemaError(
            f"{name} is damaged or cut short ({error}). Download or save it again."
        ) from error
    except xml.parsers.expat.ExpatError as error:
        raise SchemaError(
            f"{name} holds XML that cannot be read ({error}). Download or save it again."
        ) from error
    except OSError as error:
        raise SchemaError(f"{name} cannot be read: {error.strerror or error}.") from error


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(8)


def _looks_like(head: bytes) -> str:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "it is an old .xls or has a password. Open it in Excel and save it as .xlsx."
    if head.lstrip()[:1] == b"<":
        return "it is a web page. Download the file itself."
    return f"it begins with {head[:4]!r}. Save it as .xlsx."


def stream(workbook: zipfile.ZipFile, part: str) -> IO[bytes]:
    """Open one part of a workbook.

    Raises
    ------
    SchemaError
        There is none of that name, or it is encrypted.
    """
    try:
        return workbook.open(part)
    except KeyError:
        raise SchemaError(
            f"The workbook has no part {part}; it may be damaged or of another kind. Save it "
            "again as .xlsx."
        ) from None
    except RuntimeError as error:
        raise SchemaError(
            f"The part {part} of the workbook is encrypted ({error}). Save it without a password."
        ) from error


def parse(
    source: IO[bytes],
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    told: Callable[[int], None] | None = None,
) -> None:
    """Read XML as a stream, with a call per element; names come without a prefix.

    A document type declaration is refused: no workbook has one, and it can expand without end.
    `told` is called with the number of bytes of every piece.
    """
    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, found: start(name.rpartition(":")[2], found)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse_doctype
    while piece := source.read(CHUNK):
        parser.Parse(piece)
        if told is not None:
            told(len(piece))
    parser.Parse(b"", True)


def refuse_doctype(*found: Any) -> NoReturn:
    """Refuse a document type declaration, whatever it declares."""
    raise SchemaError(
        "The workbook holds a document type declaration, which no workbook has. Do not use it."
    )


def relations(workbook: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the id of the reference; empty if none."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in workbook.namelist():
        return {}
    found: dict[str, str] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            found[attributes["Id"]] = target.lstrip("/")

    with stream(workbook, path) as source:
        parse(source, start=start)
    return found


def sheets(workbook: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of every worksheet by the name on its tab, in the order of the tabs."""
    targets = relations(workbook, "xl/workbook.xml")
    found: dict[str, str] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            reference = next(
                (value for name, value in attributes.items() if name.endswith(":id")), ""
            )
            if reference in targets:
                found[attributes["name"]] = targets[reference]

    with stream(workbook, "xl/workbook.xml") as source:
        parse(source, start=start)
    return found


def saved_at(file: Path | bytes) -> str | None:
    """Return when the workbook was last saved, as ISO 8601, where it says so."""
    found: list[str] = []
    inside = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = element == "modified"

    def text(piece: str) -> None:
        if inside:
            found.append(piece)

    def end(element: str) -> None:
        nonlocal inside
        inside = False

    with opened(file) as workbook:
        if "docProps/core.xml" not in workbook.namelist():
            return None
        with stream(workbook, "docProps/core.xml") as source:
            parse(source, start=start, end=end, text=text)
    return "".join(found).strip() or None
