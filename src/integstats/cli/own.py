"""The command that reads a municipality's own figures."""

from __future__ import annotations

import argparse

from integstats.cli import output
from integstats.loading.own import own, read_mapping


def run(options: argparse.Namespace) -> int:
    """Validate a file of own figures by its mapping and show what it became; nothing is stored."""
    table = own(options.file, mapping=options.mapping)
    if options.json or options.format != "text" or options.out:
        format = "json" if options.json else "csv" if options.format == "text" else options.format
        output.write_frame(table, format, options.out)
        return 0
    if options.quiet:
        return 0
    mapping = read_mapping(options.mapping)
    places, periods = table["place"].nunique(), table["period"]
    print(
        f"{mapping.id}: {len(table):,} rows, {places} place{'s' * (places != 1)}, "
        f"{periods.min()} to {periods.max()}, as of {mapping.as_of}."
    )
    for name in mapping.counts:
        hidden = (
            int((table[f"{name}_high"] > table[f"{name}_low"]).sum())
            if (f"{name}_low" in table)
            else 0
        )
        missing = int(table[name].isna().sum()) - hidden
        print(f"  {name}: {hidden} hidden, {missing} missing, {len(table)} in all")
    shown = output.readable(table.drop(columns=["dataset", "vintage"]).head(10))
    output.print_table(shown)
    return 0
