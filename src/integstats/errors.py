"""Every deliberate error and warning of the package.

Each error class carries the ``exit_code`` that the command line returns for it, so that an
unattended caller never has to parse a message. A message says what is wrong, what was got, what
is allowed or near, and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class IntegstatsError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code = 2


class UnknownCodeError(IntegstatsError):
    """A name or code that the catalogue, a table or a publisher does not have."""

    exit_code = 2


class UsageError(IntegstatsError):
    """A call that contradicts itself or leaves out what is needed."""

    exit_code = 2


class SnapshotMissingError(IntegstatsError):
    """No stored snapshot covers what was asked for; the message has the fetch command."""

    exit_code = 3


class SourceError(IntegstatsError):
    """Something went wrong between us and a publisher."""

    exit_code = 4


class SourceUnavailableError(SourceError):
    """The publisher could not be reached, or did not answer in time, after all retries."""

    exit_code = 4


class SourceChangedError(SourceError):
    """The publisher answered something else than the catalogue expects."""

    exit_code = 5


class SchemaError(IntegstatsError):
    """Data that does not have the columns, types or unique keys it must have."""

    exit_code = 6


class ChecksumError(IntegstatsError):
    """A stored file whose bytes are no longer those that were fetched."""

    exit_code = 6


class IncomparableError(IntegstatsError):
    """Figures of different definitions, ages or sides of a break were to be combined."""

    exit_code = 7


class TargetError(IntegstatsError):
    """A target that cannot be evaluated as it is written."""

    exit_code = 7


class OutputError(IntegstatsError):
    """A result that could not be written; what stood there before is intact."""

    exit_code = 8


class IntegstatsWarning(UserWarning):
    """Base of the warnings about statistical doubt."""


class BreakWarning(IntegstatsWarning):
    """A break in the series lies inside the data."""


class SmallBaseWarning(IntegstatsWarning):
    """A figure rests on few persons."""


class PreliminaryWarning(IntegstatsWarning):
    """Preliminary figures that will be revised."""


class RevisionWarning(IntegstatsWarning):
    """A newer vintage exists than the one in use."""


def quoted(word: str) -> str:
    """Return a word as one writes it on a command line: in quotes only where it needs them.

    Examples
    --------
    >>> quoted("Mölndal"), quoted("Familjen Helsingborg")
    ('Mölndal', '"Familjen Helsingborg"')
    """
    return word if word.replace("-", "").replace(":", "").isalnum() else f'"{word}"'


def did_you_mean(got: str, known: Iterable[str], *, count: int = 3) -> str:
    """Return a sentence naming the nearest known words, or an empty string.

    Parameters
    ----------
    got
        What the user wrote.
    known
        The words that would have been understood.
    count
        The most suggestions to give.

    Examples
    --------
    >>> did_you_mean("Moldal", ["Mölndal", "Malmö", "Motala"], count=1)
    " Did you mean 'Mölndal'?"
    >>> did_you_mean("xyz", ["Malmö"])
    ''
    """
    folded = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(got.casefold(), list(folded), n=count, cutoff=0.6)
    if not near:
        return ""
    return f" Did you mean {' or '.join(repr(folded[word]) for word in near)}?"
