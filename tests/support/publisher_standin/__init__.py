"""Servers on this machine that follow what Kolada, Statistics Denmark and Eurostat describe."""

from publisher_standin.eurostat import EurostatStandIn
from publisher_standin.kolada import KoladaStandIn
from publisher_standin.server import FAILURES, LASTING, PASSING, StandIn
from publisher_standin.statbank import StatBankStandIn

__all__ = [
    "FAILURES",
    "LASTING",
    "PASSING",
    "EurostatStandIn",
    "KoladaStandIn",
    "StandIn",
    "StatBankStandIn",
]
