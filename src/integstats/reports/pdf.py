"""A Word document as a tagged PDF, made by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from integstats.errors import OutputError, UsageError

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 180
"""How long LibreOffice may take; the first start with a new profile is slow."""
_FILTER = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)


def pdf(docx: bytes) -> bytes:
    """Return a Word document as a PDF with tags, language, title and alternative texts.

    LibreOffice runs with a profile of its own that is thrown away, so that a window that is open
    does not matter. Its PDF bears the time it was made: unlike every other file of a pack it is not
    the same byte for byte.

    Raises
    ------
    UsageError
        When LibreOffice is not installed.
    OutputError
        When it fails, or takes too long.
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise UsageError(
            "Cannot write .pdf: LibreOffice (soffice) is not installed or not on the PATH. Install "
            "it, or save the .docx as PDF in Word."
        )
    with TemporaryDirectory(prefix="integstats-pdf-") as name:
        folder = Path(name)
        source, target = folder / "document.docx", folder / "document.pdf"
        source.write_bytes(docx)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            _FILTER,
            "--outdir",
            str(folder),
            str(source),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutputError(
                f"LibreOffice did not make a PDF: {error}. Save the .docx as PDF in Word instead."
            ) from error
        if done.returncode != 0 or not target.is_file():
            told = " ".join((done.stderr or done.stdout).split())
            raise OutputError(
                f"LibreOffice did not make a PDF (exit code {done.returncode}): {told}. "
                "Save the .docx as PDF in Word instead."
            )
        return target.read_bytes()
