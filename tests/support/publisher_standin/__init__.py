"""Servers on this machine that follow what Kolada, Statistics Denmark and Eurostat describe."""

from publisher_standin.kolada import KoladaStandIn
from publisher_standin.server import FAILURES, LASTING, PASSING, StandIn

__all__ = ["FAILURES", "LASTING", "PASSING", "KoladaStandIn", "StandIn"]
