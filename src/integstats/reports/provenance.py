"""What a published figure rests on, as data: sources, checksums, version, target and verdict."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

import orjson
import pandas as pd

import integstats
from integstats.catalogue import Source
from integstats.charts.chart import Chart
from integstats.reports.report import Report

SCHEMA_VERSION = 2


def record(report: Report) -> dict[str, Any]:
    """Return the provenance of a report, or of a chart that stands alone, without any clock."""
    found: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "package": "integstats",
        "package_version": integstats.__version__,
        "name": report.name,
        "language": report.lang,
        "organisation": report.organisation.name,
        "synthetic": report.synthetic,
        "figures": [list(one) for one in sorted(set(_figures(report)))],
        "sources": [_source(one) for one in report.sources],
        "charts": [_chart(one) for one in report.charts],
        "targets": [plain(one.facts()) for one in report.tracks],
    }
    if not report.is_single_chart:
        found["peers"] = list(report.peers)
        found["texts"] = [one.to_dict() for one in report.own_texts]
    return found


def _figures(report: Report) -> Iterator[tuple[str, str]]:
    """Yield dataset and vintage of every figure, also of those that no publisher stands behind."""
    yield from ((one.dataset.id, one.vintage) for one in report.sources)
    for chart in report.charts:
        if {"dataset", "vintage"} <= set(chart.data):
            pairs = chart.data[["dataset", "vintage"]].drop_duplicates().astype(str)
            for names, vintages in pairs.itertuples(index=False, name=None):
                yield from zip(names.split(";"), vintages.split(";"), strict=True)


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "chart": chart.kind,
        "name": chart.name,
        "title": chart.title.text,
        "size": chart.size,
        "synthetic": chart.synthetic,
        "rows": len(chart.data),
        "texts": [one.to_dict() for one in chart.texts],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "publisher": source.dataset.publisher.name_en,
        "dataset": source.dataset.id,
        "register": source.dataset.register_en,
        "table_id": source.dataset.table_id,
        "vintage": source.vintage,
        "updated": source.updated,
        "obtained": source.obtained,
        "obtained_note": source.note_en,
        "fetched_at": source.fetched_at,
        "licence": source.dataset.publisher.licence,
        "url": source.dataset.url,
        "sha256": list(source.sha256),
    }


def plain(value: Any) -> Any:
    """Return dataclasses, periods, paths and missing numbers as JSON can hold them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (pd.Period, PurePath)):
        return str(value)
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "item"):
        return plain(value.item())
    return value


def stamped(found: dict[str, Any], *, before: bytes | None, now: datetime) -> bytes:
    """Return the record with the time it was made; the old time where nothing else changed."""
    created = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    if before is not None:
        try:
            old = orjson.loads(before)
        except orjson.JSONDecodeError:
            old = None
        if isinstance(old, dict) and isinstance(old.get("created_at"), str):
            unchanged = {key: value for key, value in old.items() if key != "created_at"}
            if unchanged == orjson.loads(orjson.dumps(found)):
                created = old["created_at"]
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps({**found, "created_at": created}, option=options)
