"""SCB's tables: real metadata, real figures where they are stored, SYNTHETIC ones elsewhere.

The SYNTHETIC counts of the labour market tables hang together, so that a check of them has
something to check: the six statuses add up to the total, employed and unemployed to the labour
force, men and women and both birth regions to their totals, age spans to the years they hold, and
rates are quotients of the counts. Regions are drawn each on its own: municipalities do not add up
to counties.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .table import (
    ArrayValues,
    Cells,
    Codelist,
    CodelistValue,
    Codes,
    Document,
    HashedValues,
    Overlay,
    Table,
    copied,
    from_jsonstat,
    ordered_codes,
    uniform,
)

SNAPSHOT = "data/scb/TAB6260_25_places_2020M01-2026M06.json"
METADATA = "data/pxweb/v2_scb_transcribed/scb_{}.meta.json"
RECORDED = "data/pxweb/v2_scb"

# The order of the contents in both tables, and the shares of a population that are made up.
STATUSES = ("employed", "unemployed", "students", "retired", "sick", "other")
CONTENTS = ("employed", "unemployed", "labour_force", *STATUSES[2:], "total")
RATES = {
    "unemployment": ("unemployed", "labour_force"),
    "participation": ("labour_force", "total"),
    "employment": ("employed", "total"),
}
SHARES = {"in": (0.82, 0.04, 0.05, 0.03, 0.03, 0.03), "ut": (0.65, 0.13, 0.09, 0.02, 0.03, 0.08)}
FOREIGN_BORN = 0.21
# Smallest parts of the ages, and how many of 60 years each holds.
YEARS = {(15, 15): 1, (16, 19): 4, (65, 65): 1, (66, 66): 1, (67, 69): 3, (70, 74): 5} | {
    (first, first + 4): 5 for first in range(20, 65, 5)
}
LEVEL = {"00": 7_300_000.0}

PATHS = {
    "sv": [
        {"id": "AM", "label": "Arbetsmarknad", "sortCode": "Arbetsmarknad"},
        {"id": "AM0210", "label": "Befolkningens arbetsmarknadsstatus (BAS)", "sortCode": "060"},
    ],
    "en": [
        {"id": "AM", "label": "Labour market", "sortCode": "Labour market"},
        {"id": "AM0210", "label": "Labour market status of the population", "sortCode": "060"},
    ],
}
# The stored metadata is English. These Swedish words are this file's, but for the names of the
# regions, which are SCB's.
SWEDISH = {
    "region": "region",
    "sex": "kön",
    "age": "ålder",
    "region of birth": "födelseregion",
    "observations": "tabellinnehåll",
    "month": "månad",
    "men": "män",
    "women": "kvinnor",
    "total": "totalt",
    "born in Sweden": "inrikes födda",
    "foreign born": "utrikes födda",
    "number of employed": "antal sysselsatta",
    "number of unemployed": "antal arbetslösa",
    "number of employed and unemployed (labour force)": "antal i arbetskraften",
    "number of students": "antal studerande",
    "number of retirees": "antal pensionärer",
    "number of sick": "antal sjuka",
    "number of others": "antal övriga",
    "total number": "totalt antal",
    "unemployment": "arbetslöshet",
    "labour force participation": "arbetskraftsdeltagande",
    "employment rate": "sysselsättningsgrad",
    "number": "antal",
    "percent": "procent",
    "Statistics Sweden": "SCB",
    "Labour market": "Arbetsmarknad",
    "Sweden": "riket",
    "County": "län",
    "Municipalities": "kommuner",
}


def scb_tables(shared: Path) -> list[Table]:
    """TAB6260 (preliminary, real figures of 25 places) and TAB2948 (final, all SYNTHETIC)."""
    return [_labour_market(shared, "TAB6260"), _labour_market(shared, "TAB2948")]


def population_table(shared: Path) -> Table:
    """TAB6471 in Swedish, with the 2,772 recorded figures; SYNTHETIC ones elsewhere."""
    table = from_jsonstat(
        shared / RECORDED / "TAB6471_metadata.json",
        eliminated_by={"Kon": "TotSa", "Region": "00"},
    )
    document = table.metadata["sv"]
    recorded = from_jsonstat(shared / RECORDED / "TAB6471_data.json").values
    assert isinstance(recorded, ArrayValues)
    table.values = Overlay(HashedValues(document["id"], table.id), recorded)
    ages = table.codes("Alder")
    single = [a for a in ages if a.isdigit()]
    spans = {a: [int(y) for y in a.split("-")] for a in ages if a.count("-") == 1 and a[0] != "-"}
    members = {
        **_regions(table.codes("Region"), "vs_CKM01Riket", "vs_CKM02Län", "vs_CKM03Kommun"),
        "vs_CKM01AlderTot": ["TotSA"],
        "vs_CKM021år": [*single, "100+"],
        "vs_CKM035årN": ["-4", *[a for a, (x, y) in spans.items() if y - x == 4], "100+5"],
        "vs_CKM0410årN": [*[a for a, (x, y) in spans.items() if y - x == 9], "100+10"],
    }
    table.codelists = _value_sets(table, members)
    return table


def _labour_market(shared: Path, table_id: str) -> Table:
    english = json.loads((shared / METADATA.format(table_id)).read_text(encoding="utf-8"))
    recorded = json.loads((shared / RECORDED / "TAB6471_metadata.json").read_text(encoding="utf-8"))
    regions = recorded["dimension"]["Region"]["category"]["label"]
    contents = ordered_codes(english["dimension"]["ContentsCode"])
    values = LabourMarketValues(contents, preliminary=table_id == "TAB6260")
    table = Table(
        id=table_id,
        metadata={"sv": _in_swedish(english, regions), "en": english},
        values=values,
        eliminated_by={"Region": "00", "Kon": "1+2", "Fodelseregion": "tot"},
        paths={language: [path] for language, path in PATHS.items()},
        sort_code="001",
    )
    names = ("vs_ARiket", "vs_BLän", "vs_RegionKommun07EjAggr")
    table.codelists = _value_sets(table, _regions(table.codes("Region"), *names))
    if table_id == "TAB6260":
        table.values = Overlay(values, _with_totals(shared / SNAPSHOT, contents))
    return table


def _regions(codes: Sequence[str], country: str, counties: str, towns: str) -> dict[str, list[str]]:
    return {
        country: [c for c in codes if c == "00"],
        counties: [c for c in codes if len(c) == 2 and c != "00"],
        towns: [c for c in codes if len(c) == 4],
    }


def _value_sets(table: Table, members: dict[str, list[str]]) -> dict[str, list[Codelist]]:
    """The value sets the metadata lists, with these members."""
    result: dict[str, list[Codelist]] = {}
    for variable in next(iter(table.metadata.values()))["id"]:
        by_language = {
            language: document["dimension"][variable]
            for language, document in table.metadata.items()
        }
        listed = {
            language: {c["id"]: c["label"] for c in dimension["extension"]["codelists"]}
            for language, dimension in by_language.items()
        }
        result[variable] = [
            Codelist(
                id=codelist,
                type="Valueset",
                label={language: labels[codelist] for language, labels in listed.items()},
                values=tuple(
                    CodelistValue(
                        code,
                        {
                            language: dimension["category"]["label"][code]
                            for language, dimension in by_language.items()
                        },
                        (code,),
                    )
                    for code in members[codelist]
                ),
                # The country stands for an omitted region: TAB6471's default selection drops it.
                elimination=members[codelist] == ["00"],
                elimination_code="00" if members[codelist] == ["00"] else None,
            )
            for codelist in next(iter(listed.values()))
        ]
    return {variable: codelists for variable, codelists in result.items() if codelists}


def _in_swedish(english: Document, regions: dict[str, str]) -> Document:
    document = copied(english)
    final = "Final" in document["label"]
    kind = "Slutlig statistik" if final else "Preliminär statistik"
    period = document["label"].rsplit(" ", 1)[1]
    name = "Befolkningens arbetsmarknadsstatus"
    by = "efter region, kön, ålder och födelseregion"
    document["label"] = f"{name} {by}. {kind}. Månad {period}"
    document["source"] = SWEDISH[document["source"]]
    px = document["extension"]["px"]
    px |= {"language": "sv", "contents": f"{name}. {kind}"}
    px["subject-area"] = SWEDISH[px["subject-area"]]
    for code, dimension in document["dimension"].items():
        dimension["label"] = SWEDISH[dimension["label"]]
        category = dimension["category"]
        for value, label in category["label"].items():
            translated = regions.get(value) if code == "Region" else SWEDISH.get(label)
            category["label"][value] = translated or label.replace("years", "år")
        for unit in category.get("unit", {}).values():
            unit["base"] = SWEDISH[unit["base"]]
        for codelist in dimension["extension"]["codelists"]:
            codelist["label"] = SWEDISH[codelist["label"]]
    return document


class LabourMarketValues:
    """SYNTHETIC counts and rates of the labour market tables; see the module's text."""

    def __init__(self, contents: Sequence[str], *, preliminary: bool) -> None:
        self.contents = dict(zip(contents, [*CONTENTS, *RATES], strict=True))
        self.preliminary = preliminary

    def __call__(self, codes: Codes) -> Cells:
        ages = [_parts_of(age) for age in codes["Alder"]]
        leaves = sorted({leaf for parts in ages for leaf in parts})
        births = ["in", "ut"]
        draw = uniform([codes["Region"], ["1", "2"], births, STATUSES, codes["Tid"]], "BAS")
        level = np.array([_level(region) for region in codes["Region"]])
        share = np.array([SHARES[b] for b in births]) * np.array(
            [[1 - FOREIGN_BORN], [FOREIGN_BORN]]
        )
        # region, sex, birth region, status, month
        size = level[:, None, None, None, None] / 2 * share[None, None, :, :, None]
        size = size * (0.9 + 0.2 * draw)
        years = np.array([YEARS[leaf] for leaf in leaves]) / 60
        counts = np.rint(size[:, :, None] * years[None, None, :, None, None, None])
        if self.preliminary:
            counts += np.rint(counts * 0.02 * (draw - 0.5)[:, :, None])
        holds = np.array([[leaf in parts for leaf in leaves] for parts in ages], dtype=float)
        counts = np.einsum("rslbct,al->rsabct", counts, holds, optimize=True)
        counts = _both(counts, 1, [{"1": [0], "2": [1], "1+2": [0, 1]}[c] for c in codes["Kon"]])
        parts = {"in": [0], "ut": [1], "tot": [0, 1]}
        counts = _both(counts, 3, [parts[c] for c in codes["Fodelseregion"]])
        return Cells(_contents(counts, [self.contents[c] for c in codes["ContentsCode"]]))


def _parts_of(age: str) -> list[tuple[int, int]]:
    first, last = (int(year) for year in age.split("-"))
    return [leaf for leaf in YEARS if first <= leaf[0] and leaf[1] <= last]


def _level(region: str) -> float:
    """Made-up persons aged 15-74: Sweden, counties, municipalities in their order of size."""
    if region in LEVEL:
        return LEVEL[region]
    draw = float(uniform([[region]], "level")[0])
    return float(150_000 + 500_000 * draw if len(region) == 2 else 3_000 + 60_000 * draw**2)


def _both(counts: np.ndarray, axis: int, groups: Sequence[Sequence[int]]) -> np.ndarray:
    parts = [np.take(counts, g, axis=axis).sum(axis=axis, keepdims=True) for g in groups]
    return np.concatenate(parts, axis=axis)


def _contents(counts: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Contents from the six statuses, which are the last axis but one; rates in per cent."""
    part = {name: counts[..., i, :] for i, name in enumerate(STATUSES)}
    part["labour_force"] = part["employed"] + part["unemployed"]
    part["total"] = counts.sum(axis=-2)
    for name, (above, below) in RATES.items():
        with np.errstate(divide="ignore", invalid="ignore"):
            part[name] = np.round(100 * part[above] / part[below], 1)
    return np.stack([part[name] for name in names], axis=-2)


def _with_totals(path: Path, contents: Sequence[str]) -> ArrayValues:
    """The stored real figures, and totals of sex and birth region that are sums of them."""
    document = json.loads(path.read_text(encoding="utf-8"))
    codes = {name: ordered_codes(document["dimension"][name]) for name in document["id"]}
    real = ArrayValues(codes, np.array(document["value"], dtype=float)).values
    order = [codes["ContentsCode"].index(code) for code in contents]
    real = real[:, :, :, :, order]
    where = {name: i for i, name in enumerate([*CONTENTS, *RATES])}
    statuses = real[..., [where[name] for name in STATUSES], :]
    sums = _both(_both(statuses, 1, [[0], [1], [0, 1]]), 3, [[0], [1], [0, 1]])
    values = _contents(sums, [*CONTENTS, *RATES])
    values[:, :2, :, :2] = real
    extended = codes | {
        "Kon": ["1", "2", "1+2"],
        "Fodelseregion": ["in", "ut", "tot"],
        "ContentsCode": list(contents),
    }
    assert codes["Kon"] == ["1", "2"]
    assert codes["Fodelseregion"] == ["in", "ut"]
    return ArrayValues(extended, values)
