"""The commands that list what there is."""

from __future__ import annotations

import argparse

from integstats import catalogue, loading, store
from integstats.catalogue import listing
from integstats.cli import output


def places(options: argparse.Namespace) -> int:
    """List places and groups, and whether the monthly BAS figures of each are stored."""
    found = listing.places(options.text, lang=options.lang)
    stored = loading.stored_places("scb-bas-month", data_dir=options.data_dir)
    members = {one.key: one.members for one in catalogue.search(options.text)}
    found["stored"] = [set(members[key]) <= stored for key in found["place"]]
    if options.json:
        output.print_json(found.to_dict(orient="records"))
        return 0
    if found.empty:
        catalogue.resolve(options.text)
    shown = found.assign(stored=found["stored"].map({True: "yes", False: "no"}))
    output.print_table(shown[["place", "name", "kind", "members", "stored"]])
    return 0


def datasets(options: argparse.Namespace) -> int:
    """List the datasets, and the newest stored vintage of each."""
    found = listing.datasets(lang=options.lang)
    newest = {}
    for name in found.index:
        snapshots = store.snapshots(name, data_dir=options.data_dir)
        newest[name] = snapshots[0].vintage if snapshots else ""
    found["stored"] = [newest[name] for name in found.index]
    if options.json:
        output.print_json(found.reset_index().to_dict(orient="records"))
        return 0
    if not options.verbose:
        columns = ["publisher", "table_id", "frequency", "first_period", "stored", "name"]
        output.print_table(found.reset_index()[["dataset", *columns]])
        return 0
    for name, row in found.iterrows():
        print(f"{name}: {row['name']}")
        for field in found.columns:
            if field != "name":
                print(f"    {field}: {row[field]}")
        for one in catalogue.breaks_for(
            dataset=str(name), measure="", age="", place="", effect=None
        ):
            print(f"    {one.first_period} {one.effect}: {one.text(options.lang)}")
    return 0
