"""What must be installed beside the package to write the files of office programs."""

from __future__ import annotations

from importlib.util import find_spec

from integstats.errors import UsageError

PROJECTS = {"docx": "python-docx", "pptx": "python-pptx", "openpyxl": "openpyxl"}


def require_office(module: str, *, writes: str) -> None:
    """Refuse to go on where a package that writes office files is not installed.

    Parameters
    ----------
    module
        The module that is needed: ``docx``, ``pptx`` or ``openpyxl``.
    writes
        The suffix of the file that was asked for, for the message.

    Raises
    ------
    UsageError
        When it is not installed.
    """
    if find_spec(module) is None:
        raise UsageError(
            f"Cannot write {writes}: {PROJECTS[module]} is not installed. Install it with: "
            'pip install "integstats[office]"'
        )
