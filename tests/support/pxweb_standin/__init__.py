"""A stand-in of PxWebAPI 2 for tests: a real HTTP server on the loopback address.

It answers as the server of Statistics Sweden (SCB) does, with SCB's real metadata and, where the
stored snapshot has them, SCB's real figures; all other figures are SYNTHETIC and follow from the
codes of the cell alone. It can be told to fail in every way the real one does, and its tables can
be changed while it runs.

    with PxWebStandIn(scb_tables(shared)) as server:
        server.fail("503", at=2)
        ...  # point a client at server.base_url
        assert server.limit_violations == []

It shares no reader, writer or selection rule with `integstats`, so that an answer both agree on is
evidence. What was copied from the real server is behaviour, not code; where each fact was seen is
told in `tests/support_tests`.
"""

from .failures import FAILURES, Failure
from .px import from_px
from .sample import sample_table
from .scb import RATES, STATUSES, population_table, scb_tables
from .server import PxWebStandIn, Request
from .table import ArrayValues, Cells, Codelist, CodelistValue, HashedValues, Table, from_jsonstat

__all__ = [
    "FAILURES",
    "RATES",
    "STATUSES",
    "ArrayValues",
    "Cells",
    "Codelist",
    "CodelistValue",
    "Failure",
    "HashedValues",
    "PxWebStandIn",
    "Request",
    "Table",
    "from_jsonstat",
    "from_px",
    "population_table",
    "sample_table",
    "scb_tables",
]
