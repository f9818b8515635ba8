"""Which class asks which publisher, and which reader understands which stored answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType

from integstats import catalogue
from integstats.errors import SchemaError
from integstats.formats import jsonstat, kolada, px
from integstats.formats.cube import Cube
from integstats.formats.repairs import completed, with_time
from integstats.publishers.arbetsformedlingen import Arbetsformedlingen
from integstats.publishers.eurostat import Eurostat
from integstats.publishers.kolada import Kolada
from integstats.publishers.protocol import Publisher, Selection
from integstats.publishers.scb import Scb
from integstats.publishers.statbank import StatBank

PUBLISHERS: Mapping[str, Callable[[str], Publisher]] = MappingProxyType(
    {
        "scb": Scb,
        "arbetsformedlingen": Arbetsformedlingen,
        "kolada": Kolada,
        "statbank": StatBank,
        "eurostat": Eurostat,
    }
)
"""What asks a publisher of that id, made with the address of its server."""

Reader = Callable[[bytes, Selection], Cube]
"""Make a cube of one stored answer; it is also told what had been asked for."""

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "kolada-v3": kolada.read,
        "json-stat": lambda body, asked: with_time(jsonstat.read(body), "Tid"),
        "json-stat2": lambda body, asked: jsonstat.read(body),
        "eurostat": lambda body, asked: completed(with_time(jsonstat.read(body), "time"), asked),
        "px": lambda body, asked: px.read(body),
    }
)
"""Readers by the format that an `Answer` names."""

SUFFIXES = MappingProxyType({".json": "json-stat2", ".px": "px"})
"""Formats of answers that were stored without their name."""


def opened(publisher: catalogue.Publisher, *, base_url: str | None = None) -> Publisher:
    """Return what asks a publisher; use it in a ``with`` block.

    The address is `base_url`, else the environment variable ``INTEGSTATS_API_<PUBLISHER>``, else
    the one of the catalogue.
    """
    address = base_url or os.environ.get(f"INTEGSTATS_API_{publisher.id.upper()}")
    return PUBLISHERS[publisher.id](address or publisher.api)


def reader(format: str, suffix: str) -> Reader:
    """Return the reader of a stored answer.

    Raises
    ------
    SchemaError
        When nothing here reads it.
    """
    name = format or SUFFIXES.get(suffix, suffix)
    if name not in READERS:
        raise SchemaError(f"No reader for {name}; readable are: {', '.join(READERS)}.")
    return READERS[name]
