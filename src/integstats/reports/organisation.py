"""Who publishes: the name in the source line, the logo, and the colour of headings."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integstats.charts import theme
from integstats.errors import UsageError, did_you_mean

SUFFIX = ".toml"
WHITE = "#FFFFFF"
LEAST_CONTRAST = 4.5
LARGEST_LOGO = 2_000_000
"""Bytes; a logo stands in every document."""
_KEYS = ("name", "logo", "accent")
_MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


@dataclass(frozen=True)
class Organisation:
    """Who publishes a pack.

    Attributes
    ----------
    name
        Named in the source line as who processed the figures; blank for nobody.
    logo
        The bytes of a PNG or JPEG picture; its alternative text is the name.
    accent
        Colour of headings and rules, ``#RRGGBB``, with a contrast of at least 4.5 : 1 on white.
        The colours of the marks stay: they mean women, men and native-born, and are tested.

    Raises
    ------
    UsageError
        When the colour is none or too light, the logo is no such picture, is larger than 2 MB, or
        has no name to be told by.
    """

    name: str = ""
    logo: bytes | None = None
    accent: str = theme.TEXT

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", self.accent):
            raise UsageError(
                f"The accent colour must be written #RRGGBB; got {self.accent!r}. "
                'For example "#005CA9".'
            )
        ratio = theme.contrast(self.accent, WHITE)
        if ratio < LEAST_CONTRAST:
            raise UsageError(
                f"The accent colour {self.accent} has a contrast of {ratio:.2f} : 1 on white; "
                f"text needs {LEAST_CONTRAST} : 1. Choose a darker one."
            )
        if self.logo is None:
            return
        if self.logo_type is None:
            raise UsageError("The logo is neither PNG nor JPEG. Save it as one of the two.")
        if len(self.logo) > LARGEST_LOGO:
            raise UsageError(
                f"The logo has {len(self.logo) / 1e6:.1f} MB; at most {LARGEST_LOGO / 1e6:.0f} MB "
                "are allowed, since it stands in every document. Save it smaller."
            )
        if not self.name:
            raise UsageError(
                "A logo needs the organisation's name: it is the logo's alternative text. "
                "Give name as well."
            )

    @property
    def logo_type(self) -> str | None:
        """``png``, ``jpeg``, or nothing where there is no such picture."""
        given = self.logo or b""
        return next((kind for magic, kind in _MAGIC.items() if given.startswith(magic)), None)

    @classmethod
    def read(cls, path: Path | str) -> Organisation:
        """Read ``name``, ``logo`` (a file beside it) and ``accent`` from a TOML file.

        Raises
        ------
        UsageError
            When the file or the logo cannot be read, has other keys, or a value is refused.
        """
        path = Path(path)
        try:
            found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(
                f"Cannot read the organisation's file {path}: {error}. It needs a line like "
                'name = "Malmö stad".'
            ) from error
        for key, value in found.items():
            if key not in _KEYS:
                raise UsageError(
                    f"Unknown key in {path}: {key!r}.{did_you_mean(key, _KEYS)} "
                    f"Allowed: {', '.join(_KEYS)}."
                )
            if not isinstance(value, str):
                raise UsageError(f"{key} in {path} must be text in quotes; got {value!r}.")
        logo = found.pop("logo", None)
        if logo is None:
            return cls(**found)
        try:
            return cls(**found, logo=(path.parent / logo).read_bytes())
        except OSError as error:
            raise UsageError(
                f"Cannot read the logo {logo!r} named in {path}: {error.strerror or error}."
            ) from error

    @classmethod
    def named(cls, given: str | None) -> Organisation:
        """Return who publishes, by a name or by the path of a ``.toml`` file.

        Raises
        ------
        UsageError
            As `read`.
        """
        return cls.read(given) if given and given.endswith(SUFFIX) else cls.of(given)

    @classmethod
    def of(cls, named: Organisation | str | None) -> Organisation:
        """Return an organisation as it is, or one by its name.

        Examples
        --------
        >>> Organisation.of("Malmö stad").name
        'Malmö stad'
        """
        return named if isinstance(named, Organisation) else cls(name=named or "")
