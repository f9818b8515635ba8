"""From what was asked to which codes: expressions, codelists, the default selection, placement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import problems
from .asked import Asked, Query
from .table import Codelist, CodelistValue, Document, Table, in_language, ordered_codes

TOP = re.compile(r"(?:TOP|BOTTOM)\([1-9]\d*(?:,\d+)?\)", re.IGNORECASE)
ONE_CODE = re.compile(r"(?:FROM|TO)\([^,]+\)", re.IGNORECASE)
TWO_CODES = re.compile(r"RANGE\([^,]+,[^,)]+\)", re.IGNORECASE)
LARGEST_INT = 2**31 - 1
STUB_MAX, HEADING_MAX = 1500, 13


@dataclass
class Variable:
    """One variable of a table in one language, with a codelist applied or none."""

    code: str
    dimension: Document
    is_time: bool
    is_contents: bool
    offered: list[Codelist]
    eliminated_by: str | None
    applied: Codelist | None = None

    @property
    def values(self) -> list[CodelistValue]:
        """The codes to choose from, and the codes of the table each stands for."""
        if self.applied is not None:
            return list(self.applied.values)
        return [CodelistValue(c, {}, (c,)) for c in ordered_codes(self.dimension)]

    @property
    def codes(self) -> list[str]:
        return [value.code for value in self.values]

    @property
    def elimination(self) -> bool:
        if self.applied is not None:
            return self.applied.elimination
        return bool(self.dimension["extension"]["elimination"])

    @property
    def elimination_code(self) -> str | None:
        if not self.elimination:
            return None
        if self.applied is not None:
            return self.applied.elimination_code
        said = self.dimension["extension"].get("eliminationValueCode")
        return said if said is not None else self.eliminated_by

    def apply(self, codelist_id: str) -> None:
        """Choose among the codes of a codelist from now on."""
        found = [c for c in self.offered if c.id == codelist_id]
        if not found or not codelist_id.startswith(("vs_", "agg_")):
            raise problems.non_existent_codelist()
        self.applied = found[0]


@dataclass
class Model:
    """A table in one language, as far as one request has narrowed it."""

    table: Table
    language: str
    variables: list[Variable] = field(init=False)

    def __post_init__(self) -> None:
        document = self.table.metadata[self.language]
        role = document.get("role", {})
        self.document = document
        self.variables = [
            Variable(
                code=name,
                dimension=document["dimension"][name],
                is_time=name in role.get("time", []),
                is_contents=name in role.get("metric", []),
                offered=self.table.codelists.get(name, []),
                eliminated_by=self.table.eliminated_by.get(name),
            )
            for name in document["id"]
        ]

    def find(self, code: str) -> Variable:
        """The variable with this code in any case; `time` is a name of the time variable."""
        if code.lower() == "time":
            code = next((v.code for v in self.variables if v.is_time), code)
        for variable in self.variables:
            if variable.code.lower() == code.lower():
                return variable
        raise problems.non_existent_variable()

    def label(self, variable: Variable, value: CodelistValue) -> str:
        """The label of a code in this language."""
        if value.label:
            return in_language(value.label, self.language)
        return str(variable.dimension["category"]["label"][value.code])


def apply_codelists(model: Model, query: Query) -> None:
    """Check that the variables and codelists asked for exist, and apply the codelists."""
    for one in query.asked:
        variable = model.find(one.variable)
        if one.codelist is not None and one.codelist.strip():
            variable.apply(one.codelist)


def chosen(
    model: Model, query: Query, max_cells: int, too_many_status: int
) -> dict[str, list[str]]:
    """The codes of every variable in the table's order; an empty list for one left out."""
    if not query.asked:
        raise problems.missing_selection()
    apply_codelists(model, query)
    asked = {model.find(one.variable).code: one.codes for one in reversed(query.asked)}
    if len(asked) < len(query.asked):
        raise problems.ServerCrashError
    if any(not v.elimination and v.code not in asked for v in model.variables):
        raise problems.missing_selection()
    result = {}
    for variable in model.variables:
        codes = expanded(variable, asked.get(variable.code, []))
        if not codes and not variable.elimination:
            raise problems.missing_selection()
        result[variable.code] = [c for c in variable.codes if c in codes]
    cells = 1
    for codes_of_one in result.values():
        cells *= max(1, len(codes_of_one))
    if cells > max_cells:
        raise problems.too_many_cells(too_many_status)
    return result


def expanded(variable: Variable, asked: Sequence[str]) -> set[str]:
    """The codes that codes and expressions stand for; a code named twice brings the server down."""
    known = {code.lower(): code for code in reversed(variable.codes)}
    literal = [known[item.lower()] for item in asked if item.lower() in known]
    codes = set(literal)
    for item in asked:
        if item.lower() not in known:
            codes.update(_expression(variable, item, known))
    if len(set(literal)) < len(literal):
        raise problems.ServerCrashError
    return codes


def _expression(variable: Variable, item: str, known: dict[str, str]) -> list[str]:
    codes, lower = variable.codes, item.lower()
    if "*" in item:
        return _starred(codes, lower)
    if "?" in item:
        pattern = re.compile(re.escape(lower).replace(r"\?", "."))
        return [c for c in codes if pattern.fullmatch(c.lower())]
    name, bracket, inner = lower.partition("(")
    if not bracket or name not in {"top", "bottom", "range", "from", "to"}:
        raise problems.non_existent_value()
    pattern = {"range": TWO_CODES, "from": ONE_CODE, "to": ONE_CODE}.get(name, TOP)
    if not pattern.fullmatch(item):
        raise problems.illegal_expression()
    arguments = inner[:-1].split(",")
    if name in {"top", "bottom"}:
        count, offset = int(arguments[0]), int(arguments[1]) if len(arguments) == 2 else 0
        if max(count, offset) > LARGEST_INT:
            raise problems.non_existent_value()
        # TOP is the newest of the time variable and the first of any other.
        from_the_end = (name == "top") == variable.is_time
        if from_the_end:
            stop = max(0, len(codes) - offset)
            return codes[max(0, stop - count) : stop]
        return codes[offset : offset + count]
    if any(a not in known for a in arguments):
        raise problems.non_existent_value()
    places = sorted(codes.index(known[a]) for a in arguments)
    if name == "from":
        return codes[places[0] :]
    if name == "to":
        return codes[: places[0] + 1]
    return codes[places[0] : places[1] + 1]


def _starred(codes: Sequence[str], pattern: str) -> list[str]:
    stars = pattern.count("*")
    starts, ends = pattern.startswith("*"), pattern.endswith("*")
    legal = pattern == "*" or (stars == 1 and (starts or ends)) or (stars == 2 and starts and ends)
    if not legal:
        raise problems.illegal_expression()
    if pattern == "*":
        return list(codes)
    text = pattern.strip("*")
    if stars == 2:
        return [c for c in codes if text in c.lower()]
    if starts:
        return [c for c in codes if c.lower().endswith(text)]
    return [c for c in codes if c.lower().startswith(text)]


def default_query(model: Model) -> Query:
    """What the server selects when nothing is asked for.

    The first value set of a variable that has any is applied. With a contents and a time variable
    and at least two more: the first content, the newest period, and two variables of which the
    one with more codes goes to the stub; which two, mandatory ones decide. The rest is left out.
    """
    for variable in model.variables:
        sets = [c for c in variable.offered if c.type == "Valueset"]
        if sets and variable.applied is None:
            variable.applied = sets[0]
    contents = next((v for v in model.variables if v.is_contents), None)
    time = next((v for v in model.variables if v.is_time), None)
    if contents is None or time is None:
        raise NotImplementedError("tables without a contents or a time variable")
    query = Query([], [], [])
    others = [v for v in model.variables if v not in (contents, time)]
    if not others:
        contents_in_heading = len(contents.codes) < 6
        _take(query, contents, heading=contents_in_heading)
        _take(query, time, heading=not contents_in_heading, most=HEADING_MAX, newest=True)
        return query
    if len(others) == 1:
        if len(contents.codes) == 1:
            _take(query, contents, heading=True, most=1)
            _take(query, time, heading=True, newest=True)
            _take(query, others[0], heading=False)
        else:
            _take(query, time, heading=True, most=1, newest=True)
            _take_two(query, contents, others[0])
        return query
    _take(query, contents, heading=True, most=1)
    _take(query, time, heading=True, most=1, newest=True)
    mandatory = [v for v in others if not v.elimination]
    optional = [v for v in others if v.elimination]
    if len(mandatory) > 1:
        two = (mandatory[0], mandatory[-1])
    elif mandatory:
        two = (mandatory[0], optional[-1])
    else:
        two = (others[0], others[-1])
    for variable in others:
        if variable not in two and not variable.elimination:
            _take(query, variable, heading=True, most=1)
    _take_two(query, *two)
    for variable in others:
        if variable not in two and variable.elimination:
            query.asked.append(Asked(variable.code, [], _id_of(variable)))
    return query


def _take_two(query: Query, one: Variable, two: Variable) -> None:
    stub, heading = (one, two) if len(one.codes) > len(two.codes) else (two, one)
    _take(query, stub, heading=False)
    _take(query, heading, heading=True)


def _take(
    query: Query,
    variable: Variable,
    *,
    heading: bool,
    most: int | None = None,
    newest: bool = False,
) -> None:
    most = most or (HEADING_MAX if heading else STUB_MAX)
    codes = variable.codes[-most:] if newest else variable.codes[:most]
    query.asked.append(Asked(variable.code, codes, _id_of(variable)))
    place = query.heading if heading else query.stub
    assert place is not None
    place.append(variable.code)


def _id_of(variable: Variable) -> str | None:
    return None if variable.applied is None else variable.applied.id


def placed(
    model: Model, query: Query, selected: dict[str, list[str]]
) -> tuple[list[str], list[str]]:
    """The variables of the stub and of the heading, those left out not counted."""
    shown = [code for code, codes in selected.items() if codes]
    px = model.document["extension"]["px"]
    if query.heading is None or query.stub is None or not (query.heading or query.stub):
        return ([c for c in px["stub"] if c in shown], [c for c in px["heading"] if c in shown])
    stub, heading = (
        [_shown(model, c, shown) for c in part] for part in (query.stub, query.heading)
    )
    both = stub + heading
    if len(set(both)) < len(both):
        raise problems.illegal_placement()
    rest = [c for c in shown if c not in both]
    if rest and stub and heading:
        raise problems.illegal_placement()
    if not rest:
        return stub, heading
    return (stub, rest) if stub else (rest, heading)


def _shown(model: Model, code: str, shown: Sequence[str]) -> str:
    try:
        found = model.find(code).code
    except problems.ParameterError:
        raise problems.illegal_placement() from None
    if found not in shown:
        raise problems.illegal_placement()
    return found
