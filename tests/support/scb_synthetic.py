"""SYNTHETIC tables of Statistics Sweden: the labels are those seen, the figures are invented.

Codes and labels are carried from public scripts and notes that list them (Region Dalarna's fetching
scripts of 2024-2026, above all), not from the catalogue. A code that was not seen is invented and
begins with ``X``; so is every region's name. The figures depend on nothing but their codes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pxweb_standin import HashedValues, Table

from integstats.publishers.table_meta import TableMeta, read_table_meta

Values = list[tuple[str, str]]


def unseen(*labels: str) -> Values:
    return [(f"X{number}", label) for number, label in enumerate(labels)]


def ages(*spans: str) -> Values:
    return [(f"XA{number}", f"{span.replace('-', '–')} år") for number, span in enumerate(spans)]


REGIONS = [("00", "Påhittat rike"), ("01", "Påhittat län"), ("12", "Annat län")]
MUNICIPALITIES = [("0180", "Påhittad stad"), ("1280", "Annan stad"), ("1283", "Tredje stad")]
ALL = REGIONS + MUNICIPALITIES
SEX = [("1", "män"), ("2", "kvinnor"), ("1+2", "totalt")]
SEX_BOTH = [("1+2", "män och kvinnor"), ("1", "män"), ("2", "kvinnor")]
SEX_UNSEEN = unseen("män", "kvinnor", "totalt")
BIRTH_UNSEEN = unseen("inrikes född", "utrikes född", "totalt")
AGES = ages(
    *("15-19", "16-19", "20-24", "25-29", "55-59", "60-64", "65-69", "15-74"),
    *("16-64", "16-65", "20-64", "20-65"),
)
BAS = [
    "antal sysselsatta",
    "antal arbetslösa",
    "antal sysselsatta och arbetslösa (arbetskraften)",
    "antal studerande",
    "antal pensionärer",
    "antal sjuka",
    "antal övriga",
    "antal totalt",
    "arbetslöshet",
    "arbetskraftsdeltagande",
    "sysselsättningsgrad",
]
BACKGROUND = [
    ("20-24", "ålder: 20–24 år"),
    ("25-34", "ålder: 25–34 år"),
    ("X1", "ålder: 35–44 år"),
    ("X2", "ålder: 45–54 år"),
    ("X3", "ålder: 55–64 år"),
    ("X4", "ålder: 55–65 år"),
    ("TOT", "samtliga"),
    ("SE", "födelseregion: Sverige"),
    ("NEXS", "födelseregion: Norden exkl. Sverige"),
    ("EUEESXN", "födelseregion: EU/EFTA exkl. Norden"),
    ("VXEUEES", "födelseregion: övriga världen"),
    ("X5", "samtliga utrikes födda invandrare"),
    ("X6", "skäl till invandring: skyddsbehövande och deras anhöriga"),
    ("X7", "skäl till invandring: övriga utrikes födda invandrare"),
    ("X8", "samtliga utrikes födda"),
    ("INT010", "vistelsetid 0–1 år"),
    ("INT020", "vistelsetid 2–3 år"),
    ("INT030", "vistelsetid 4–9 år"),
    ("INT040", "vistelsetid 10– år"),
]
EDUCATION = [
    ("000", "samtliga utbildningsnivåer"),
    ("F", "utbildningsnivå: förgymnasial utbildning"),
    ("3", "utbildningsnivå: gymnasial utbildning"),
    ("EU", "utbildningsnivå: eftergymnasial utbildning"),
    ("US", "utbildningsnivå: uppgift saknas"),
]
SHARES = [
    "Andel sysselsatta",
    "Andel företagare av de sysselsatta",
    "Andel inskrivna arbetslösa",
    "Andel öppet arbetslösa",
    "Andel sökande i program med aktivitetsstöd",
    "Andel långtidsarbetslösa",
    "Andel fortfarande sysselsatta efter ett år",
    "Andel fortfarande företagare efter ett år",
    "Andel i chefsposition",
    "Andel med eftergymn. utb. med arbete inom yrkesomr. 2–3 enligt SSYK",
    "Andel med eftergymn. utb. med arbete på kval.nivå 3–4 enligt SSYK",
]


def _bas(contents: Values, periods: list[str], sex: Values = SEX_UNSEEN) -> dict[str, Values]:
    return {
        "Region": ALL,
        "Kon": sex,
        "Alder": AGES,
        "Fodelseregion": BIRTH_UNSEEN,
        "ContentsCode": contents,
        "Tid": [(period, period) for period in periods],
    }


def _some_seen(labels: list[str], **codes: str) -> Values:
    known = {label: code for code, label in codes.items()}
    return [(known.get(label, f"X{n}"), label) for n, label in enumerate(labels)]


def _rams(contents: Values, years: list[str]) -> dict[str, Values]:
    return {
        "Region": [*ALL, ("1917", "Flyttad kommun")],
        "InrikesUtrikes": [
            ("13", "inrikes födda"),
            ("23", "utrikes födda"),
            ("83", "inrikes och utrikes födda"),
        ],
        "Kon": [("X1", "kvinnor"), ("X2", "män"), ("4", "kvinnor och män")],
        "ContentsCode": contents,
        "Tid": [(year, year) for year in years],
    }


def _integration(regions: Values, employed: str) -> dict[str, Values]:
    return {
        "Region": regions,
        "Kon": SEX_BOTH,
        "UtbNiv": EDUCATION,
        "BakgrVar": BACKGROUND,
        "ContentsCode": [(employed, SHARES[0]), *unseen(*SHARES[1:])],
        "Tid": [("2022", "2022"), ("2023", "2023"), ("2024", "2024")],
    }


def _population(birth: Values, contents: Values, years: list[str]) -> dict[str, Values]:
    single = [(str(year), f"{year} år") for year in range(100)] + [("100+", "100+ år")]
    return {
        "Region": ALL,
        "Alder": single,
        "Kon": [("1", "män"), ("2", "kvinnor")],
        "Fodelseregion": birth,
        "ContentsCode": contents,
        "Tid": [(year, year) for year in years],
    }


MONTHS = ["2024M11", "2024M12", "2025M01"]
TABLES: dict[str, dict[str, Values]] = {
    "TAB6261": _bas(unseen(*BAS), ["2024K3", "2024K4", "2025K1"]),
    "TAB2947": _bas(unseen(*BAS), ["2024K3", "2024K4"]),
    "TAB5655": _bas(
        [*unseen(*BAS[:-1]), ("000006J6", "sysselsättningsgrad")], ["2023", "2024", "2025"]
    ),
    "TAB2921": _bas(
        _some_seen(
            BAS,
            **{"000001PM": BAS[0], "000001OZ": BAS[2], "000001PN": BAS[7], "000001OX": BAS[9]},
        ),
        ["2023", "2024"],
    ),
    "TAB3200": _bas(
        _some_seen(
            BAS,
            **{f"000002N{c}": label for c, label in zip("TMLRPQOUNKS", BAS, strict=True)},
        ),
        ["2023", "2024"],
        SEX,
    )
    | {
        "Fodelseregion": [("tot", "totalt"), *unseen("inrikes född", "utrikes född")],
        "Alder": [
            *[("15-74", "15–74 år"), ("16-64", "16–64 år"), ("20-64", "20–64 år")],
            *[("060-64", "60–64 år"), *ages("16-65", "20-65")],
        ],
    },
    "TAB6666": _bas(
        [
            ("0000088H", "antal sysselsatta"),
            ("0000088A", "antal arbetslösa"),
            ("0000088C", "antal ej i arbetskraften"),
            *unseen(BAS[2], *BAS[7:]),
        ],
        MONTHS,
    )
    | {
        "Alder": [("20-64", "20–64 år"), ("20-65", "20–65 år"), ("20-66", "20–66 år")],
        "UtbildningsNiva": [(code, f"nivå {code}") for code in ("21", "3", "4", "5", "61", "US")],
    },
    "TAB4334": _rams(unseen("Förvärvsintensitet , procent"), ["2002", "2003"]),
    "TAB4356": _rams(unseen("Procent"), ["2017", "2018"]),
    "TAB5117": _rams([("000004B8", "Procent")], ["2019", "2020", "2021"]),
    "TAB6383": _integration(MUNICIPALITIES, "000007K3"),
    "TAB6384": _integration(REGIONS[1:], "000007KE"),
    "TAB6379": _integration(REGIONS[:1], "000007JE"),
    "TAB6766": {
        "Region": [*ALL, ("FA01", "Påhittad FA-region"), ("1280R001_RegSO2025", "Påhittat område")],
        "Kon": [("1+2", "män och kvinnor, totalt"), ("1", "män"), ("2", "kvinnor")],
        "Alder": [("20-64", "20–64 år"), ("20-65", "20–65 år")],
        "Fodelseregion": [
            ("samt", "samtliga födelseregioner"),
            ("in", "inrikes född"),
            ("ut", "utrikes född"),
            ("ute", "utrikes född, Europa"),
            ("utee", "utrikes född, exkl. Europa"),
        ],
        "ContentsCode": [
            ("000008H0", "Totalt antal personer"),
            ("000008GY", "Antal självförsörjande"),
            ("000008GX", "Antal icke självförsörjande"),
            ("000008GZ", "Antal studerande/värnpliktiga"),
            ("000008GN", "Andel självförsörjande"),
            ("000008FY", "Andel icke självförsörjande"),
            ("000008GW", "Andel studerande/värnpliktiga"),
        ],
        "Tid": [("2023", "2023"), ("2024", "2024")],
    },
    "TAB5278": {
        "Region": ALL,
        "Kon": SEX_UNSEEN,
        "Fodelseregion": unseen(
            *("samtliga", "födda i Sverige", "utrikes födda", "Norden exklusive Sverige"),
            *("EU exkl. Norden", "Europa exkl. EU och Norden", "Afrika", "Nordamerika"),
            *("Sydamerika", "Asien", "Oceanien"),
        ),
        "VistelsetidUF": unseen(
            *("samtliga", "1–2 år i Sverige", "3–4 år i Sverige", "5–9 år i Sverige"),
            *("10–19 år i Sverige", "20– år i Sverige"),
        ),
        "Alder": unseen("20+ år", "20–64 år", "20–65 år", "65+ år", "66+ år"),
        "ContentsCode": unseen(
            "Medelinkomst, tkr", "Medianinkomst, tkr", "Totalsumma, mnkr", "Antal personer"
        ),
        "Tid": [("2023", "2023"), ("2024", "2024")],
    },
    "TAB4823": _population(
        [("09", "född i Sverige"), ("11", "utrikes född")],
        [("000001NS", "Antal")],
        ["2023", "2024"],
    ),
    "TAB6645": _population(
        unseen("född i Sverige", "utrikes född"), unseen("Antal"), ["2025", "2026"]
    ),
    "TAB1784": _bas(unseen(*BAS[:2], *BAS[3:8]), MONTHS)
    | {
        "Alder": ages(
            *("15-19", "20-24", "25-54", "55-64", "65-74", "15-74", "16-64", "16-65", "20-64"),
            "20-65",
        ),
        "HuvudFoT1m": unseen(
            *("ersättning för arbete", "ersättning vid arbetslöshet", "ersättning för studier"),
            *("pension", "ersättning vid långvarigt nedsatt arbetsförmåga"),
            *("ersättning vid sjukdom", "ersättning vid föräldraledighet/närståendeomvårdnad"),
            *("ekonomiskt stöd", "saknar ersättningar"),
        ),
    },
    "TAB6366": {
        "Region": [*REGIONS, ("FA01", "Påhittad FA-region")],
        "Kon": [("1", "män"), ("2", "kvinnor"), ("SAMANST", "samtliga anställda")],
        "AlderFodelselandgr": [
            *[("20-64", "20–64 år"), ("20-39", "20–39 år"), ("Sverige", "födda i Sverige")],
            *[("Norden/EU", "födda i Norden/EU"), ("Afrika", "födda i Afrika")],
            *[("Asien", "födda i Asien"), ("Övriga_världen", "övriga"), ("totalt", "totalt")],
        ],
        "ContentsCode": [("000007I3", "Matchningsgrad, procent")],
        "Tid": [("2023", "2023"), ("2024", "2024")],
    },
    "TAB6512": {
        "Arbetskraftstillh": [
            *[("TOTALT", "totalt"), ("ALÖS", "arbetslösa"), ("EIAKR", "ej i arbetskraften")],
            ("SYS", "sysselsatta"),
        ],
        "InrikesUtrikes": [
            *unseen("inrikes födda", "utrikes födda"),
            ("83", "inrikes och utrikes födda"),
        ],
        "XTyp": unseen("icke säsongrensad", "säsongrensad och utjämnad"),
        "Kon": SEX,
        "Alder": [
            *[("15-24", "15–24 år"), ("25-54", "25–54 år"), ("55-74", "55–74 år")],
            *[("tot15-74", "totalt 15–74 år"), ("tot16-64", "totalt 16–64 år")],
            *[("XT1", "totalt 20–64 år"), ("XT2", "totalt 20–65 år")],
        ],
        "ContentsCode": unseen(
            "1000-tal", "Felmarginal ±, 1000-tal", "Procent", "Felmarginal ±, procent"
        ),
        "Tid": [(month, month) for month in MONTHS],
    },
}
LABELS = {"XTyp": "typ av data", "ContentsCode": "tabellinnehåll"}
MANDATORY = {"Alder", "ContentsCode", "Tid", "UtbNiv", "BakgrVar", "AlderFodelselandgr", "XTyp"}
ALL_MANDATORY = {"TAB6766"}


def variables_of(table_id: str) -> dict[str, Values]:
    """The variables of a table, contents and time last, as the API has them."""
    last = ("ContentsCode", "Tid")
    table = TABLES[table_id]
    return {name: table[name] for name in (*(name for name in table if name not in last), *last)}


def document(table_id: str) -> dict[str, Any]:
    """The metadata of one of the tables, as the API answers it."""
    variables = variables_of(table_id)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": f"SYNTHETIC {table_id}",
        "source": "SYNTHETIC",
        "updated": "2026-01-02T07:00:00Z",
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "id": list(variables),
        "size": [len(values) for values in variables.values()],
        "dimension": {
            name: {
                "label": LABELS.get(name, name.lower()),
                "category": {
                    "index": {code: at for at, (code, _) in enumerate(values)},
                    "label": dict(values),
                },
                "extension": {
                    "elimination": name not in MANDATORY and table_id not in ALL_MANDATORY,
                    "show": "value",
                    "codelists": [],
                },
            }
            for name, values in variables.items()
        },
        "extension": {
            "px": {
                "tableid": table_id,
                "decimals": 0,
                "language": "sv",
                "contents": "SYNTHETIC",
                "heading": ["ContentsCode", "Tid"],
                "stub": [name for name in variables if name not in ("ContentsCode", "Tid")],
                "matrix": table_id,
                "subject-code": "XX",
            }
        },
        "value": [],
    }


def meta(table_id: str, changed: dict[str, Any] | None = None) -> TableMeta:
    """The metadata as the client reads it, or that of a changed document."""
    return read_table_meta(
        changed or document(table_id),
        table_id=table_id,
        codelists={},
        body=b"",
        url="http://localhost/",
        fetched_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


def tables() -> list[Table]:
    """All of them, to be served."""
    units = {"Q": "Quarterly", "M": "Monthly"}
    return [
        Table(
            id=table_id,
            metadata={"sv": (described := document(table_id))},
            values=HashedValues(described["id"], table_id),
            time_unit=next(
                (unit for sign, unit in units.items() if sign in variables["Tid"][0][0]), "Annual"
            ),
        )
        for table_id, variables in TABLES.items()
    ]


def figure(table_id: str, **codes: str) -> float:
    """The invented figure of one cell."""
    names = list(variables_of(table_id))
    cells = HashedValues(names, table_id)({name: [codes[name]] for name in names})
    return float(cells.values.reshape(-1)[0])
