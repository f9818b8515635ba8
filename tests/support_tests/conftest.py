"""Servers that several tests ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pxweb_asking import RECORDED, SCB
from pxweb_standin import Codelist, PxWebStandIn, population_table, sample_table, scb_tables


@pytest.fixture
def tiny() -> Iterator[PxWebStandIn]:
    with PxWebStandIn([sample_table()], max_calls=None) as server:
        yield server


@pytest.fixture(scope="session")
def scb(shared: Path) -> Iterator[PxWebStandIn]:
    """SCB's tables, without a limit of calls; not to be changed by a test."""
    tables = [*scb_tables(shared), population_table(shared)]
    tables[-1].add_codelist("Alder", Codelist.from_json(shared / RECORDED / "agg_Ålder10årJ.json"))
    with PxWebStandIn(tables, max_calls=None, link_base=SCB) as server:
        yield server
