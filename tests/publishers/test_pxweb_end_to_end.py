"""The client against a server that somebody else wrote, in real time and within its limits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from pxweb_standin import PxWebStandIn, Table, scb_tables

from integstats.errors import SourceChangedError
from integstats.publishers.pxweb import Plan, PxWeb

# Codes of TAB6260: employed, unemployed, labour force, students, retired, sick, other.
CONTENTS = ["000006HI", "000004YH", "000006IU", "000006IE", "000006IF", "000006IG", "000006IH"]
MUNICIPALITIES = {
    "Region": ["????"],
    "Kon": ["1", "2"],
    "Alder": ["20-64"],
    "Fodelseregion": ["in", "ut"],
    "ContentsCode": CONTENTS,
    "Tid": ["*"],
}


@pytest.fixture(scope="module")
def tables(shared: Path) -> list[Table]:
    return list(scb_tables(shared))


@pytest.fixture
def serve(tables: list[Table]) -> Iterator[Callable[..., PxWebStandIn]]:
    running: list[PxWebStandIn] = []

    def serve(**kwargs: Any) -> PxWebStandIn:
        running.append(PxWebStandIn(tables, **kwargs))
        return running[-1].__enter__()

    yield serve
    for server in running:
        server.close()


def connect(server: PxWebStandIn, tmp_path: Path, **kwargs: Any) -> PxWeb:
    return PxWeb(server.base_url, lock_path=tmp_path / "lock", timeout=(5.0, 30.0), **kwargs)


def cube(px: PxWeb, plan: Plan) -> np.ndarray:
    """The whole selection, each part put where its call says."""
    values = np.full(plan.shape, np.inf)
    for part in px.fetch(plan):
        block = np.array(orjson.loads(part.body)["value"], float).reshape(part.call.shape)
        where = tuple(slice(a, a + n) for a, n in zip(part.call.offset, block.shape, strict=True))
        assert np.isinf(values[where]).all()  # nothing is brought twice
        values[where] = block
    assert not np.isinf(values).any()  # and nothing is left out
    return values


def test_every_municipality_is_five_calls_in_an_allowance_of_three(
    serve: Any, tmp_path: Path
) -> None:
    server = serve(time_window=0.3, config={"timeWindow": 0.3})
    with connect(server, tmp_path) as px:
        meta = px.metadata("TAB6260")
        plan = px.plan(meta, MUNICIPALITIES)
        assert (plan.cells, plan.lower_bound, len(plan.calls)) == (633_360, 5, 5)
        whole = cube(px, plan)
    assert server.limit_violations == []
    assert [len(server.calls(kind)) for kind in ("config", "metadata", "data")] == [1, 1, 5]
    employed, unemployed, labour_force = np.moveaxis(whole, 4, 0)[:3]
    # The blocks are not mixed up (the real figures among these carry disclosure noise).
    assert np.abs(labour_force - employed - unemployed).max() <= 15


@pytest.mark.parametrize("max_cells", [7_000, 1_234, 700])
def test_however_it_is_divided_it_is_the_same_cube(
    serve: Any, tmp_path: Path, max_cells: int
) -> None:
    server = serve(max_calls=None)
    selection = MUNICIPALITIES | {"Region": ["12*", "TOP(1)"], "Tid": ["TOP(25)"]}
    with connect(server, tmp_path) as px:
        meta = px.metadata("TAB6260")
        once, often = px.plan(meta, selection), px.plan(meta, selection, max_cells=max_cells)
        assert len(once.calls) == 1 < len(often.calls)
        assert np.array_equal(cube(px, once), cube(px, often))


def test_a_hundred_calls_without_one_refusal(serve: Any, tmp_path: Path) -> None:
    server = serve(max_calls=20, time_window=0.1, config={"timeWindow": 0.1})
    with connect(server, tmp_path) as px:
        meta = px.metadata("TAB6260")
        selection = MUNICIPALITIES | {"Region": ["??"], "Tid": ["TOP(12)"], "Kon": ["1"]}
        plan = px.plan(meta, selection, max_cells=36)
        assert len(plan.calls) > 100
        cube(px, plan)
    assert server.limit_violations == []


def test_threads_keep_the_limit(serve: Any, tmp_path: Path) -> None:
    server = serve(max_calls=5, time_window=0.05, config={"timeWindow": 0.05})
    with connect(server, tmp_path) as px:
        meta = px.metadata("TAB6260")
        selection = MUNICIPALITIES | {"Region": ["00"], "Tid": ["TOP(8)"], "Kon": ["1"]}
        plan = px.plan(meta, selection, max_cells=16)
        threads = [threading.Thread(target=cube, args=(px, plan)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(server.calls()) == 4 * len(plan.calls)
    assert server.limit_violations == []


def test_the_newest_periods_are_the_newest(serve: Any, tmp_path: Path) -> None:
    server = serve(max_calls=None)
    with connect(server, tmp_path) as px:
        meta = px.metadata("TAB6260")
        plan = px.plan(meta, MUNICIPALITIES | {"Region": ["1283"], "Tid": ["TOP(1)"]})
        (part,) = px.fetch(plan)
    document = orjson.loads(part.body)
    assert list(document["dimension"]["Tid"]["category"]["index"]) == [
        meta.variable("Tid").codes[-1]
    ]


@pytest.mark.parametrize("kind", ["429", "500", "502", "503", "504", "drop", "truncated"])
def test_failures_that_pass(serve: Any, tmp_path: Path, kind: str) -> None:
    server = serve(max_calls=None)
    server.fail(kind, at=2)
    with connect(server, tmp_path, sleep=lambda seconds: None) as px:
        meta = px.metadata("TAB6260")
        plan = px.plan(meta, MUNICIPALITIES | {"Tid": ["TOP(3)"]}, max_cells=3_000)
        cube(px, plan)
    assert (
        len([asked for asked in server.requests if asked.endpoint == "data"]) == len(plan.calls) + 1
    )


@pytest.mark.parametrize("kind", ["html", "wrong_count", "missing_code", "reordered"])
def test_failures_that_do_not(serve: Any, tmp_path: Path, kind: str) -> None:
    server = serve(max_calls=None)
    server.fail(kind, at=2)
    with connect(server, tmp_path) as px:
        meta = px.metadata("TAB6260")
        plan = px.plan(meta, MUNICIPALITIES | {"Tid": ["TOP(3)"]}, max_cells=3_000)
        with pytest.raises(SourceChangedError):
            cube(px, plan)


@pytest.mark.parametrize("status", [400, 403])
def test_a_limit_that_config_does_not_tell(serve: Any, tmp_path: Path, status: int) -> None:
    server = serve(max_calls=None, too_many_status=status)
    server.fail(lambda: server.api.config.update(maxDataCells=100))
    with connect(server, tmp_path) as px:
        plan = px.plan(px.metadata("TAB6260"), MUNICIPALITIES)
        with pytest.raises(SourceChangedError, match=r"Too many cells selected.*max_cells"):
            next(px.fetch(plan))


def test_a_table_that_is_not_there(serve: Any, tmp_path: Path) -> None:
    server = serve(max_calls=None)
    with connect(server, tmp_path) as px:
        for ask in (px.table, px.metadata):
            with pytest.raises(SourceChangedError, match=r"Non-existent table.*search for its new"):
                ask("TAB0")
        with pytest.raises(SourceChangedError, match="Non-existent codelist"):
            px.codelist("vs_None")


def test_search_and_code_lists(serve: Any, tmp_path: Path, tables: list[Table]) -> None:
    server = serve(max_calls=None)
    with connect(server, tmp_path) as px:
        found = px.search("")
        assert {table.id for table in found} <= {table.id for table in tables}
        assert px.table("tab6260").id == "TAB6260"
        listed = px.metadata("TAB6260").variable("Region").codelists
        counties = px.codelist(listed[1].id)
        assert [value.code for value in counties.values][:2] == ["01", "03"]
