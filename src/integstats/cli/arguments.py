"""What can be written on the command line, and the help that teaches it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

from integstats import __version__

EXIT_CODES = """\
exit codes:
  0 done (also when a target is missed)   2 usage or unknown name   3 snapshot missing
  4 source unavailable   5 source changed   6 schema or checksum   7 incomparable or target
  8 output not writable   9 warnings under --strict   10 nothing new (fetch)   130 interrupted
"""
FORMATS = ("text", "csv", "json", "parquet")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="integstats",
        description=(
            "Employment gaps of foreign-born women and men in Swedish municipalities, how they "
            "move, and whether a target is met: from published figures to charts."
        ),
        epilog=(
            "examples:\n"
            "  integstats report Malmö\n"
            "  integstats gaps Malmö Skåne riket --measure unemployment_rate\n"
            "  integstats target --halve unemployment_rate --place Malmö --sex women \\\n"
            "      --birth-region foreign_born --baseline 2024-06 --deadline 2026-06\n"
            "  integstats places Möln\n\n" + EXIT_CODES
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"integstats {__version__}")
    top.set_defaults(quiet=False, strict=False)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    _report(commands)
    _notebook(commands)
    _gaps(commands)
    _target(commands)
    _targets(commands)
    _text(commands)
    _places(commands)
    _datasets(commands)
    _fetch(commands)
    _check(commands)
    _diff(commands)
    _own(commands)
    return top


def _command(
    commands: Any, name: str, run: str, summary: str, example: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary[:1].upper() + summary[1:] + ".",
        epilog=f"examples:\n{example}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(run=_lazily(run))
    common = made.add_argument_group("for every command")
    common.add_argument(
        "--lang", choices=("sv", "en"), default="sv", help="language of what is written (sv)"
    )
    common.add_argument(
        "--data-dir", metavar="DIR", help="where your snapshots lie (INTEGSTATS_DATA)"
    )
    common.add_argument("--json", action="store_true", help="print the result as JSON")
    common.add_argument("--quiet", action="store_true", help="print errors only")
    common.add_argument(
        "--strict", action="store_true", help="exit with 9 when there were warnings"
    )
    return made


def _lazily(name: str) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        module, _, function = name.rpartition(".")
        return int(getattr(import_module(f"integstats.cli.{module}"), function)(options))

    return run


def _allow_partial(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--allow-partial",
        action="store_true",
        help="pool a group without its missing members, and mark it",
    )


def _organisation(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--organisation",
        metavar="NAME",
        help="who publishes: a name for the source line, or a .toml file with name, logo, accent",
    )


def _place_names(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "places", nargs="+", metavar="PLACE", help="municipality, county, group or riket"
    )


def _report(commands: Any) -> None:
    made = _command(
        commands,
        "report",
        "report.run",
        "write the report of places: charts, document, slides, workbook and page, and say what "
        "was found",
        "  integstats report Malmö\n"
        "  integstats report Malmö Göteborg --out rapporter --lang en\n"
        "  integstats report Malmö --targets targets.toml --organisation utgivare.toml\n"
        '  integstats report "Familjen Helsingborg" --members --formats html,png,json --resume',
    )
    _place_names(made)
    made.add_argument("--out", metavar="DIR", default="out", help="folder to write to (out)")
    made.add_argument(
        "--targets",
        metavar="FILE",
        help="a targets.toml: those of a place are followed in its report; without it a "
        "räkneexempel is",
    )
    made.add_argument(
        "--peers",
        nargs="+",
        metavar="PLACE",
        default=(),
        help="whom to rank a municipality among (Kolada's similar municipalities)",
    )
    made.add_argument(
        "--formats",
        metavar="LIST",
        help="which files, with commas: png,svg,csv,txt,docx,pptx,xlsx,html,json (all)",
    )
    made.add_argument(
        "--members",
        action="store_true",
        help="one report for each member of a group or municipality of a county",
    )
    made.add_argument(
        "--resume",
        action="store_true",
        help="leave out places whose report is there, made from the same figures (its .json tells)",
    )
    made.add_argument(
        "--jobs", type=int, metavar="N", help="how many at a time (all cores from three reports on)"
    )
    _allow_partial(made)
    _organisation(made)


def _notebook(commands: Any) -> None:
    made = _command(
        commands,
        "notebook",
        "notebook.run",
        "run a notebook for places and keep it as a page; without a name, list them",
        "  integstats notebook\n"
        "  integstats notebook 01_employment_gap --place Malmö --out sidor\n"
        '  integstats notebook halving_target --place "Familjen Helsingborg" --members',
    )
    made.add_argument(
        "name", nargs="?", metavar="NAME", help="as 02_halving_target, halving_target or 2"
    )
    made.add_argument(
        "--place",
        action="append",
        default=[],
        dest="places",
        metavar="PLACE",
        help="place or group; several are run one by one (the notebook's own)",
    )
    made.add_argument(
        "--members",
        action="store_true",
        help="run it for each member of a group or municipality of a county",
    )
    made.add_argument("--out", metavar="DIR", default="out", help="folder to write to (out)")


def _gaps(commands: Any) -> None:
    made = _command(
        commands,
        "gaps",
        "gaps.run",
        "show the gaps between native- and foreign-born women and men",
        "  integstats gaps Malmö\n"
        "  integstats gaps Malmö riket --measure unemployment_rate --start 2025-01 --format csv\n"
        "  integstats gaps Skåne --format parquet --out gaps.parquet",
    )
    _place_names(made)
    made.add_argument("--measure", default="employment_rate", help="measure (employment_rate)")
    made.add_argument("--dataset", default="scb-bas-month", help="dataset (scb-bas-month)")
    made.add_argument(
        "--comparator", default="same_sex", help="same_sex, all_natives or native_men (same_sex)"
    )
    made.add_argument(
        "--start",
        metavar="PERIOD",
        help="first period, as 2024-06 (text: the last one and a year before)",
    )
    made.add_argument("--end", metavar="PERIOD", help="last period")
    made.add_argument(
        "--format", choices=FORMATS, default="text", help="text (default), csv, json or parquet"
    )
    made.add_argument("--out", metavar="FILE", help="write to a file instead of the screen")
    _allow_partial(made)


def _target(commands: Any) -> None:
    made = _command(
        commands,
        "target",
        "target.run",
        "hold a target against the figures: path, verdict, persons",
        "  integstats target --halve unemployment_rate --place Malmö --sex women \\\n"
        "      --birth-region foreign_born --baseline 2024-06 --deadline 2026-06\n"
        "  integstats target --new targets.toml      a file in Swedish, to fill in",
    )
    kind = made.add_mutually_exclusive_group(required=True)
    kind.add_argument(
        "--new",
        nargs="?",
        const="-",
        metavar="FILE",
        help="print a commented targets.toml in Swedish to fill in, or write it to FILE",
    )
    kind.add_argument("--halve", metavar="MEASURE", help="halve a rate")
    kind.add_argument(
        "--reduce", nargs=2, metavar=("MEASURE", "SHARE"), help="lower a rate by a share, as 0.25"
    )
    kind.add_argument(
        "--reach", nargs=2, metavar=("MEASURE", "LEVEL"), help="reach a level, as 0.10"
    )
    made.add_argument(
        "--place",
        action="append",
        default=[],
        dest="places",
        metavar="PLACE",
        help="place; several are pooled from counts",
    )
    made.add_argument("--dataset", default=None, help="dataset (the usual one of the measure)")
    made.add_argument(
        "--sex", choices=("women", "men", "total"), default=None, help="whom the target is for"
    )
    made.add_argument(
        "--birth-region",
        choices=("foreign_born", "native_born", "total"),
        default=None,
        help="whom the target is for",
    )
    made.add_argument("--age", default=None, metavar="SPAN", help="age span, as 20-64")
    made.add_argument("--baseline", metavar="PERIOD", help="where the target starts, as 2024-06")
    made.add_argument("--deadline", metavar="PERIOD", help="when it is to be reached, as 2026-06")
    made.add_argument(
        "--reading", default=None, help="mean_12m (default for months), same_month or month"
    )
    made.add_argument(
        "--path",
        choices=("linear", "geometric"),
        default=None,
        help="the way to the target (linear)",
    )
    made.add_argument(
        "--decided-by",
        default="",
        metavar="BODY",
        help="who decided it; without it and the date it is a räkneexempel",
    )
    made.add_argument("--decided-on", default="", metavar="DATE", help="when it was decided")
    made.add_argument("--url", default="", help="where the decision can be read")
    made.add_argument(
        "--out", metavar="DIR", help="write the chart, data sheet and provenance there"
    )
    made.add_argument(
        "--size",
        choices=("report", "slide", "square"),
        default="report",
        help="size of the chart (report)",
    )
    made.add_argument(
        "--format",
        choices=("text", "csv", "json", "parquet"),
        default="text",
        help="text (default), csv, json or parquet: the data sheet",
    )
    _allow_partial(made)
    _organisation(made)


def _targets(commands: Any) -> None:
    made = _command(
        commands,
        "targets",
        "targets.run",
        "list, check and follow all targets of a file",
        "  integstats targets            targets.toml here, or else the shipped examples\n"
        "  integstats targets --file mal.toml --place Malmö",
    )
    made.add_argument("--file", metavar="FILE", help="the file of targets (targets.toml)")
    made.add_argument(
        "--place",
        action="append",
        default=[],
        dest="places",
        metavar="PLACE",
        help="only the targets of these places",
    )


def _text(commands: Any) -> None:
    made = _command(
        commands,
        "text",
        "text.run",
        "list the sentences of a published chart that no longer hold on today's figures",
        "  integstats text --check out/malmo/rakneexempel_malmo.json",
    )
    made.add_argument(
        "--check", required=True, metavar="FILE", help="the chart's provenance, a .json"
    )


def _places(commands: Any) -> None:
    made = _command(
        commands,
        "places",
        "listing.places",
        "list municipalities, counties and groups, and which are stored",
        "  integstats places Möln\n  integstats places helsingborg",
    )
    made.add_argument(
        "text", nargs="?", default="", metavar="TEXT", help="part of a name or a code"
    )


def _datasets(commands: Any) -> None:
    made = _command(
        commands,
        "datasets",
        "listing.datasets",
        "list the datasets and what is stored of each",
        "  integstats datasets\n  integstats datasets --verbose",
    )
    made.add_argument(
        "--verbose", action="store_true", help="measures, counts, ages and addresses too"
    )


def _fetch(commands: Any) -> None:
    made = _command(
        commands,
        "fetch",
        "fetching.fetch",
        "fetch figures from their publisher into your data folder",
        "  integstats fetch scb-bas-month --places Mölndal Lomma\n"
        '  integstats fetch scb-bas-month --places "Familjen Helsingborg" --from 2024-01\n'
        "  integstats fetch scb-bas-month --all\n"
        "  integstats fetch scb-bas-month      the places that are stored, as they are now\n"
        "  integstats fetch --everything       all that is stored, again (10: nothing new)",
    )
    made.add_argument("dataset", nargs="?", metavar="DATASET", help="dataset (integstats datasets)")
    made.add_argument(
        "--places", nargs="+", metavar="PLACE", help="municipalities, counties, groups, riket"
    )
    made.add_argument(
        "--all", action="store_true", help="the country, all counties and municipalities"
    )
    made.add_argument("--from", dest="start", metavar="PERIOD", help="first period, as 2024-06")
    made.add_argument("--to", dest="end", metavar="PERIOD", help="last period")
    made.add_argument(
        "--age", nargs="+", metavar="SPAN", help="age spans, as 20-64 (the usual one)"
    )
    made.add_argument(
        "--everything", action="store_true", help="every dataset that is stored, again"
    )
    made.add_argument(
        "--file",
        metavar="FILE",
        help="a workbook of Arbetsförmedlingen that you saved; taken in without the network",
    )


def _check(commands: Any) -> None:
    made = _command(
        commands,
        "check",
        "fetching.check",
        "ask whether the publishers still offer what the catalogue names",
        "  integstats check\n  integstats check scb-bas-month --json",
    )
    made.add_argument("datasets", nargs="*", metavar="DATASET", help="datasets (all)")


def _diff(commands: Any) -> None:
    made = _command(
        commands,
        "diff",
        "fetching.diff",
        "say what changed since the last snapshot: new periods, revised figures, renamed codes",
        "  integstats diff scb-bas-month\n"
        "  integstats diff scb-bas-month --before 2026-08-28.ed2136c3",
    )
    made.add_argument("dataset", metavar="DATASET", help="dataset")
    made.add_argument("--before", metavar="VINTAGE", help="the older vintage (the one before)")
    made.add_argument("--after", metavar="VINTAGE", help="the newer vintage (the newest)")


def _own(commands: Any) -> None:
    made = _command(
        commands,
        "own",
        "own.run",
        "read your own figures by a mapping, check and show them",
        "  integstats own insatser.csv --mapping own.toml",
    )
    made.add_argument("file", metavar="FILE", help="CSV or XLSX that you keep yourself")
    made.add_argument("--mapping", required=True, metavar="TOML", help="which column is what")
    made.add_argument("--format", choices=FORMATS, default="text", help="text (default), csv, …")
    made.add_argument("--out", metavar="FILE", help="write to a file instead of the screen")
