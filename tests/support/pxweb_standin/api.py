"""The endpoints of PxWebAPI 2, from a parsed request to a reply; no sockets here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from . import problems, serialise
from .answer import cells_of
from .asked import Asked, Query, from_document, from_get
from .calls import JSON, PROBLEM, Call, Reply, as_json, json_body
from .listing import codelist_document, matches, table_item
from .selection import Model, apply_codelists, chosen, default_query, placed
from .table import Document, Table

FORMATS = ("px", "json-stat2", "csv", "xlsx", "html", "json-px", "parquet")
SERVED = ("json-stat2", "csv")
FORMAT_PARAMETERS = (
    "usecodes",
    "usetexts",
    "usecodesandtexts",
    "includetitle",
    "separatortab",
    "separatorspace",
    "separatorsemicolon",
)
PAGE_SIZE = 20

# As SCB answered in June 2026.
SCB_CONFIG: Document = {
    "apiVersion": "2.2.0",
    "appVersion": "1.0.0",
    "languages": [{"id": "en", "label": "English"}, {"id": "sv", "label": "Svenska"}],
    "defaultLanguage": "sv",
    "maxDataCells": 150000,
    "maxCallsPerTimeWindow": 3,
    "timeWindow": 1,
    "license": "https://creativecommons.org/share-your-work/public-domain/cc0/",
    "sourceReferences": [
        {"language": "en", "text": "Source: Statistics Sweden"},
        {"language": "sv", "text": "Källa: SCB"},
    ],
    "defaultDataFormat": "json-stat2",
    "dataFormats": ["json-stat2", "csv", "px", "xlsx", "html", "json-px"],
    "features": [{"id": "CORS", "params": [{"key": "enabled", "value": "True"}]}],
}


class Api:
    """The endpoints over a set of tables."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        config: Document,
        link_base: str,
        *,
        too_many_status: int = 400,
        now: datetime | None = None,
    ) -> None:
        self.tables = tables
        self.config = config
        self.link_base = link_base
        self.too_many_status = too_many_status
        self.now = now
        self._saved: dict[str, Document] = {}
        self._number = itertools.count(1)

    def answer(self, call: Call) -> Reply:
        """The reply to a call, errors included."""
        try:
            return self._routed(call)
        except problems.ParameterError as problem:
            return as_json(problem.body, problem.status, PROBLEM)
        except problems.ValidationError as problem:
            return as_json(problem.body, 400, PROBLEM)
        except problems.ServerCrashError:
            return Reply(500)

    def _routed(self, call: Call) -> Reply:
        route = tuple(part.lower() for part in call.parts)
        match route:
            case ("config",):
                handlers = {"GET": lambda: as_json(self.config)}
            case ("tables",):
                handlers = {"GET": lambda: self._list(call)}
            case ("tables", _):
                handlers = {"GET": lambda: self._table(call)}
            case ("tables", _, "metadata"):
                handlers = {"GET": lambda: self._metadata(call)}
            case ("tables", _, "defaultselection"):
                handlers = {"GET": lambda: self._default_selection(call)}
            case ("tables", table, "data"):
                handlers = {
                    "GET": lambda: self._data(call, table, from_get(call.parameters)),
                    "POST": lambda: self._data(call, table, _posted(call)),
                }
            case ("codelists", _):
                handlers = {"GET": lambda: self._codelist(call)}
            case ("savedqueries",):
                handlers = {"POST": lambda: self._save(call)}
            case ("savedqueries", _):
                handlers = {"GET": lambda: self._saved_query(call)}
            case ("savedqueries", _, "data"):
                handlers = {"GET": lambda: self._saved_data(call)}
            case ("savedqueries", _, "selection"):
                handlers = {"GET": lambda: self._saved_selection(call)}
            case _:
                return Reply(404)
        if call.method not in handlers:
            return Reply(405, headers={"Allow": ", ".join(handlers)})
        return handlers[call.method]()

    # -- what is there ---------------------------------------------------------------------

    def _list(self, call: Call) -> Reply:
        language = self._language(call)
        past_days = call.integer("pastDays")
        if past_days is not None and past_days < 1:
            raise problems.ValidationError(pastDays="The value must be a positive integer.")
        number, size = call.integer("pageNumber") or 1, call.integer("pageSize") or PAGE_SIZE
        number, size = max(1, number), size if size > 0 else PAGE_SIZE
        text, discontinued = call.one("query"), call.boolean("includeDiscontinued")
        found = [
            table
            for table in self.tables.values()
            if language in table.metadata
            and (discontinued or not table.discontinued)
            and (text is None or matches(table, language, text))
            and (past_days is None or self._is_recent(table, past_days))
        ]
        pages = max(1, math.ceil(len(found) / size))
        if number > pages:
            raise problems.non_existent_page()
        others = "".join(
            f"&{name}={value}" for name, value in (("pastDays", past_days),) if value is not None
        )

        def link(relation: str, page: int) -> Document:
            query = "" if text is None else f"&query={text}"
            where = f"lang={language}{query}&pagesize={size}&pageNumber={page}{others}"
            href = f"{self.link_base}/tables/?{where}"
            return {"rel": relation, "hreflang": language, "href": href}

        links = [link("next", number + 1)] if number < pages else []
        links += [link("previous", number - 1)] if number > 1 else []
        links += [link("last", pages)] if pages > 1 else []
        page = found[(number - 1) * size : number * size]
        return as_json(
            {
                "language": language,
                "tables": [table_item(table, language, self.link_base) for table in page],
                "page": {
                    "pageNumber": number,
                    "pageSize": size,
                    "totalElements": len(found),
                    "totalPages": pages,
                    "links": links,
                },
                "links": [link("self", number)],
            }
        )

    def _is_recent(self, table: Table, days: int) -> bool:
        now = self.now or datetime.now(UTC)
        updated = datetime.fromisoformat(table.updated)
        return (now - updated) <= timedelta(days=days)

    def _table(self, call: Call) -> Reply:
        language = self._language(call)
        table = self._find(call.parts[1], language)
        return as_json({"language": language} | table_item(table, language, self.link_base))

    def _metadata(self, call: Call) -> Reply:
        language = self._language(call)
        model = Model(self._find(call.parts[1], language), language)
        saved, default = call.one("savedQuery"), call.boolean("defaultSelection")
        codelists = [
            Asked(name[9:-1], [], value)
            for name, value in call.parameters
            if name.lower().startswith("codelist[") and name.endswith("]")
        ]
        if saved is not None:
            apply_codelists(model, from_document(self._stored(saved)["selection"]))
        elif default:
            default_query(model)
        elif codelists:
            apply_codelists(model, Query(codelists))
        return as_json(serialise.metadata(model, self.link_base))

    def _codelist(self, call: Call) -> Reply:
        language = self._language(call)
        everywhere = (c for t in self.tables.values() for cs in t.codelists.values() for c in cs)
        found = next((c for c in everywhere if c.id.lower() == call.parts[1].lower()), None)
        if found is None:
            problem = problems.non_existent_codelist()
            return as_json(problem.body, 404, PROBLEM)
        return as_json(codelist_document(found, language, self.config, self.link_base))

    # -- figures ---------------------------------------------------------------------------

    def _data(self, call: Call, table_id: str, query: Query) -> Reply:
        # The server answers HTTP 400 here whatever the status in the body says.
        language = self._language(call)
        form, parameters = self._format(call)
        try:
            table = self._find(table_id, language)
            return self._extract(table, language, query, form, parameters)
        except problems.ParameterError as problem:
            status = problem.status if problem.status == self.too_many_status else 400
            return as_json(problem.body, status, PROBLEM)

    def _extract(
        self, table: Table, language: str, query: Query, form: str, parameters: Sequence[str]
    ) -> Reply:
        model = Model(table, language)
        if not query.asked:
            query = default_query(model)
        limit = self.config["maxDataCells"]
        selected = chosen(model, query, limit, self.too_many_status)
        stub, heading = placed(model, query, selected)
        cells = cells_of(model, selected, [*stub, *heading])
        matrix = model.document["extension"]["px"]["matrix"]
        if form == "csv":
            body = serialise.csv(model, selected, stub, heading, cells, parameters)
            kind, suffix = "text/csv; charset=iso-8859-1", ".csv"
        else:
            body = serialise.json_stat(model, selected, stub, heading, cells)
            kind, suffix = JSON, ".json"
        headers = {"Content-Disposition": f'inline; filename="{matrix}{suffix}"'}
        return Reply(200, body, kind, headers)

    def _format(self, call: Call, saved: Document | None = None) -> tuple[str, list[str]]:
        """The output format and its parameters in lower case, those of the saved query else."""
        text = call.one("outputFormat") or (saved or {}).get("outputFormat")
        given = [v for n, v in call.parameters if n.lower() == "outputformatparams" and v]
        listed = [p.strip() for v in given for p in v.split(",")] or list(
            (saved or {}).get("outputFormatParams", [])
        )
        parameters = [p.lower() for p in listed]
        if text is not None and text.lower() not in FORMATS:
            raise problems.ValidationError(outputFormat=f"The value '{text}' is not valid.")
        if any(p not in FORMAT_PARAMETERS for p in parameters):
            raise problems.ValidationError(outputFormatParams="Invalid value for enum.")
        form = (text or self.config["defaultDataFormat"]).lower()
        if form not in SERVED or (parameters and form == "json-stat2"):
            raise problems.unsupported_format()
        return form, parameters

    def _default_selection(self, call: Call) -> Reply:
        language = self._language(call)
        table = self._find(call.parts[1], language)
        query = default_query(Model(table, language))
        path = f"tables/{table.id}/defaultselection"
        return as_json(self._selection_document(query, language, path))

    def _selection_document(self, query: Query, language: str, path: str) -> Document:
        items = [
            {"variableCode": a.variable, "codelist": a.codelist, "valueCodes": a.codes}
            for a in query.asked
        ]
        href = f"{self.link_base}/{path}?lang={language}"
        return {
            "selection": [{k: v for k, v in i.items() if v is not None} for i in items],
            "placement": {"heading": query.heading or [], "stub": query.stub or []},
            "language": language,
            "links": [{"rel": "self", "hreflang": language, "href": href}],
        }

    # -- saved queries ---------------------------------------------------------------------

    def _save(self, call: Call) -> Reply:
        document = json_body(call)
        if document is None:
            raise problems.no_query_specified()
        for name, kind in (
            ("tableId", str),
            ("language", str),
            ("selection", dict),
            ("outputFormat", str),
            ("outputFormatParams", list),
        ):
            if not isinstance(document.get(name), kind):
                raise problems.ValidationError(**{name: f"The {name} field is required."})
        query, language = from_document(document["selection"]), self._known(document["language"])
        try:
            model = Model(self._find(document["tableId"], language), language)
            chosen(model, query, self.config["maxDataCells"], self.too_many_status)
        except problems.ParameterError as problem:
            return as_json(problem.body, 400, PROBLEM)
        saved = {"id": str(next(self._number))} | {k: v for k, v in document.items() if k != "id"}
        self._saved[saved["id"]] = saved
        return as_json(saved, 201)

    def _stored(self, saved_id: str) -> Document:
        if saved_id not in self._saved:
            raise problems.no_such_saved_query()
        return self._saved[saved_id]

    def _saved_query(self, call: Call) -> Reply:
        saved = self._stored(call.parts[1])
        language = saved["language"]
        base = f"{self.link_base}/savedqueries/{saved['id']}"
        links = [{"rel": "self", "hreflang": language, "href": base}]
        links.append({"rel": "data", "hreflang": language, "href": f"{base}/data"})
        return as_json(
            {"language": language, "id": saved["id"], "savedQuery": saved, "links": links}
        )

    def _saved_data(self, call: Call) -> Reply:
        saved = self._stored(call.parts[1])
        language = self._language(call)
        form, parameters = self._format(call, saved)
        try:
            table = self._find(saved["tableId"], language)
            return self._extract(
                table, language, from_document(saved["selection"]), form, parameters
            )
        except problems.ParameterError as problem:
            return as_json(problem.body, 400, PROBLEM)

    def _saved_selection(self, call: Call) -> Reply:
        saved = self._stored(call.parts[1])
        language = self._language(call)
        query = from_document(saved["selection"])
        model = Model(self._find(saved["tableId"], language), language)
        limit = self.config["maxDataCells"]
        for name, codes in chosen(model, query, limit, self.too_many_status).items():
            for one in query.asked:
                if model.find(one.variable).code == name:
                    one.variable, one.codes = name, codes
        path = f"savedqueries/{saved['id']}/selection"
        return as_json(self._selection_document(query, language, path))

    # -- shared ----------------------------------------------------------------------------

    def _language(self, call: Call) -> str:
        return self._known(call.one("lang") or self.config["defaultLanguage"])

    def _known(self, language: str) -> str:
        if language.lower() not in [one["id"] for one in self.config["languages"]]:
            raise problems.unsupported_language()
        return language.lower()

    def _find(self, table_id: str, language: str) -> Table:
        for name, table in self.tables.items():
            if name.lower() == table_id.lower() and language in table.metadata:
                return table
        raise problems.non_existent_table()


def _posted(call: Call) -> Query:
    """The selection of a POST; an empty body asks for the default one."""
    document = json_body(call)
    return Query([]) if document is None else from_document(document)
