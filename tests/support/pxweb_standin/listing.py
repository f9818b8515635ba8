"""How tables and codelists are listed and found."""

from __future__ import annotations

from .serialise import codelist_link
from .table import Codelist, Document, Table, in_language


def table_item(table: Table, language: str, link_base: str) -> Document:
    document = table.metadata[language]
    time = document["role"]["time"][0]
    periods = table.codes(time)
    base = f"{link_base}/tables/{table.id}"
    links = [{"rel": "self", "hreflang": language, "href": f"{base}?lang={language}"}]
    links += [
        {"rel": "alternate", "hreflang": other, "href": f"{base}?lang={other}"}
        for other in table.metadata
        if other != language
    ]
    for relation, end in (("metadata", ""), ("data", "&outputFormat=json-stat2")):
        href = f"{base}/{relation}?lang={language}{end}"
        links.append({"rel": relation, "hreflang": language, "href": href})
    item = {
        "id": table.id,
        "label": document["label"],
        "description": "",
        "sortCode": table.sort_code or document["label"],
        "updated": table.updated,
        "firstPeriod": periods[0],
        "lastPeriod": periods[-1],
        "category": "public",
        "variableNames": [document["dimension"][n]["label"] for n in document["id"]],
        "discontinued": table.discontinued,
        "source": document["source"],
        "subjectCode": document["extension"]["px"]["subject-code"],
        "timeUnit": table.time_unit,
        "paths": table.paths.get(language, []),
        "links": links,
    }
    return {k: v for k, v in item.items() if k != "discontinued" or v is not None}


def codelist_document(
    codelist: Codelist, language: str, config: Document, link_base: str
) -> Document:
    languages = sorted(
        (one["id"] for one in config["languages"]),
        key=lambda one: one != config["defaultLanguage"],
    )
    document = {
        "id": codelist.id,
        "label": in_language(codelist.label, language),
        "language": language,
        "languages": languages,
        "elimination": codelist.elimination,
        "eliminationValueCode": codelist.elimination_code,
        "type": codelist.type,
        "values": [
            {
                "code": value.code,
                "label": in_language(value.label, language),
                "valueMap": list(value.members),
            }
            for value in codelist.values
        ],
        "links": [
            codelist_link("self" if one == language else "alternate", codelist, one, link_base)
            for one in sorted(languages, key=lambda one: one != language)
        ],
    }
    return {k: v for k, v in document.items() if v is not None}


def matches(table: Table, language: str, text: str) -> bool:
    """Whole words that must all occur; `word*` for a beginning, `title:` for the label only."""
    document = table.metadata[language]
    label = document["label"]
    names = [document["dimension"][n]["label"] for n in document["id"]]
    for word in text.split():
        where = label if word.startswith("title:") else " ".join([table.id, label, *names])
        word = word.removeprefix("title:").strip('"').lower()
        words = [w.strip(".,;:()").lower() for w in where.split()]
        stem = word.removesuffix("*")
        if not any(w.startswith(stem) if word.endswith("*") else w == word for w in words):
            return False
    return True
