"""Office files are zip archives: made anew so that the same content has the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date

_READABLE_BY_ALL = 0o644 << 16


def dated(content: bytes, day: date) -> bytes:
    """Return an archive whose parts all bear one day, at midnight, in the order they had.

    Parameters
    ----------
    content
        A zip archive: a document, slides or a workbook.
    day
        From 1980-01-01, the first day that an archive can hold.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for one in before.infolist():
            part = zipfile.ZipInfo(one.filename, (day.year, day.month, day.day, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = _READABLE_BY_ALL
            part.create_system = 3
            after.writestr(part, before.read(one))
    return target.getvalue()
