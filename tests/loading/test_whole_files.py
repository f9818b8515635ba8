from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from af_standin import UPLOADED, AfStandIn
from af_workbooks import SHARE_FIELDS, share_records, share_workbook, time_workbook, workbook
from columns_page import columns_of_dataset

import integstats as ig
from integstats import catalogue, store
from integstats.catalogue import workbooks
from integstats.catalogue.workbooks import ReferenceTotal
from integstats.errors import SchemaError, SnapshotMissingError, SourceChangedError, UsageError
from integstats.loading import sources, stored_places, whole_files
from integstats.loading.drift import check
from integstats.loading.fetching import fetch
from integstats.publishers import arbetsformedlingen
from integstats.table import BASE_KEYS

NAME = "af-registered-share"
SHARE = catalogue.dataset(NAME)
FILE = f"{SHARE.table_id}-2026-08.xlsx"
DAY = 86_400_000


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AfStandIn]:
    monkeypatch.setenv("INTEGSTATS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(arbetsformedlingen, "WINDOW", 0.01)
    monkeypatch.setattr(workbooks, "reference_totals", lambda dataset: ())  # figures are invented
    files = {
        FILE: share_workbook(["2026-07", "2026-08"]),
        "web-inskrivna-arbetslosa-tid-utan-arbete-lan-kom-2026-08.xlsx": time_workbook(["2026-08"]),
    }
    with AfStandIn(files) as running:
        monkeypatch.setenv("INTEGSTATS_API_ARBETSFORMEDLINGEN", running.index)
        yield running


def offline(site: AfStandIn) -> None:
    site.index_status = 503


def test_fetched_once_and_read_from_what_was_kept(
    site: AfStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fetch(NAME)
    assert (result.changed, result.calls, site.downloads) == (True, 1, 1)
    assert result.vintage.startswith("2026-09-11.")

    def unread(*args: object, **kwargs: object) -> None:
        raise AssertionError("the workbook was read again")

    monkeypatch.setattr("integstats.loading.whole_files.workbook.read", unread)
    table = ig.load(NAME, places=["Malmö", "Skåne", "riket"])
    assert set(table["place"]) == {"1280", "12", "00"}
    assert set(table["age"]) == {"16-66"}
    assert len(table) == 3 * 2 * 9
    source = sources(table)[0]
    assert (source.obtained, source.updated) == ("fetched", "2026-09-11")
    rates = ig.rates(table)
    assert "registered_unemployment_rate" in rates
    again = fetch(NAME)
    assert (again.changed, again.vintage, site.downloads) == (False, result.vintage, 1)


def test_a_file_is_stored_byte_for_byte(site: AfStandIn) -> None:
    fetch(NAME)
    part = store.snapshots(NAME)[0].parts[0]
    assert store.read(part) == site.files[FILE]
    assert part.path.suffix == ".xlsx"


def test_a_new_upload_is_a_new_vintage_and_what_changed_is_counted(site: AfStandIn) -> None:
    fetch(NAME)
    site.uploaded = UPLOADED + 30 * DAY
    records = share_records(["2026-07", "2026-08", "2026-09"])
    records[0][SHARE_FIELDS.index("UTRKSOK")] = 999
    changed = workbook({"Info": []}, caches=[(SHARE_FIELDS, records)])
    site.files = {f"{SHARE.table_id}-2026-09.xlsx": changed}
    result = fetch(NAME)
    assert result.new_periods == ("2026-09",)
    place, county, country = 1, 1, 1
    assert result.revised_cells == place + county + country
    assert set(ig.load(NAME, places=["Malmö"])["period"].astype(str)) == {
        "2026-07",
        "2026-08",
        "2026-09",
    }


def test_the_stored_places_can_be_asked_for_again(site: AfStandIn) -> None:
    fetch(NAME)
    stored = stored_places(NAME)
    assert len(stored) == 312
    assert not fetch(NAME, places=sorted(stored)).changed


def test_hidden_counts_arrive_as_intervals(site: AfStandIn) -> None:
    fetch("af-time-without-work")
    table = ig.load("af-time-without-work", places=["Bjurholm"])
    own = columns_of_dataset("af-time-without-work")
    ends = [f"{own[-1]}_low", f"{own[-1]}_high"]
    assert list(table.columns[len(BASE_KEYS) : -1]) == [*own, *ends]
    hidden = table[table["birth_region"] == "foreign_born"].iloc[0]
    assert pd.isna(hidden["without_work_24"])
    assert (hidden["without_work_24_low"], hidden["without_work_24_high"]) == (0, 8)


def test_a_file_that_is_not_what_its_name_says_is_not_stored(site: AfStandIn) -> None:
    site.files = {FILE: share_workbook(["2026-06", "2026-07"])}
    with pytest.raises(SourceChangedError, match="ends in 2026-07, which is not the month"):
        fetch(NAME)
    site.files = {FILE: time_workbook(["2026-08"])}
    with pytest.raises(SourceChangedError, match="no pivot cache"):
        fetch(NAME)
    assert store.snapshots(NAME) == []


def test_a_file_that_is_far_from_what_others_read_in_it_is_not_stored(
    site: AfStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = share_workbook(["2026-08"])
    whole = sum(10 + n for n in range(290)) * 4 + 290 * 6 + 7
    total = ReferenceTotal("2026-08", "registered_unemployed", "total", whole, 0.02, "Somebody")
    monkeypatch.setattr(workbooks, "reference_totals", lambda dataset: (total,))
    site.files = {FILE: read}
    assert fetch(NAME).changed
    records = share_records(["2026-08"])
    site.uploaded += DAY
    site.files = {FILE: workbook({"Info": []}, caches=[(SHARE_FIELDS, [*records, *records])])}
    with pytest.raises(SourceChangedError, match=r"adds up to .* but .* were published .*Somebody"):
        fetch(NAME)
    saved = tmp_path / "min.xlsx"
    saved.write_bytes(site.files[FILE])
    with pytest.raises(SchemaError, match="registered_unemployed"):
        fetch(NAME, file=saved)
    assert len(store.snapshots(NAME)) == 1


def test_check_says_what_is_offered_and_what_is_gone(site: AfStandIn) -> None:
    found = check([NAME, "af-time-country"])
    assert [one.severity for one in found] == ["ok", "error"]
    assert "last period 2026-08" in found[0].message
    assert "has no file web-tid-riket-YYYY-MM.xlsx" in found[1].message


def test_a_workbook_saved_by_hand_works_without_the_network(
    site: AfStandIn, tmp_path: Path
) -> None:
    offline(site)
    saved = tmp_path / "min nedladdning (1).xlsx"
    saved.write_bytes(site.files[FILE])
    result = fetch(NAME, file=saved)
    assert (result.changed, result.vintage[:10]) == (True, "2026-09-11")
    table = ig.load(NAME, places=["Malmö"])
    source = sources(table)[0]
    assert (source.obtained, source.fetched_at) == ("saved by hand", None)
    assert saved.exists()
    assert not fetch(NAME, file=saved).changed
    assert site.asked == []


def test_a_workbook_put_into_the_folder_is_taken_in_once(site: AfStandIn) -> None:
    folder = whole_files.incoming()
    folder.mkdir(parents=True)
    old = share_workbook(["2026-06"])
    for name, content in {
        FILE.replace(".xlsx", " (2).xlsx"): site.files[FILE],
        FILE.replace("2026-08", "2026-06"): old,
        "web-sok-lan-kom-2026-08.xlsx": b"another dataset",
    }.items():
        (folder / name).write_bytes(content)
    result = fetch(NAME)
    assert result.changed
    assert site.asked == []
    assert ig.load(NAME, places=["Malmö"])["period"].max() == pd.Period("2026-08", "M")
    assert fetch(NAME).changed, "the older one, which is not stored yet"
    assert ig.load(NAME, places=["Malmö"])["period"].max() == pd.Period("2026-08", "M")
    site.uploaded += DAY
    assert fetch(NAME).changed, "nothing waits any more: the publisher is asked"
    assert site.downloads == 1


def test_saving_an_old_file_again_makes_it_no_newer(site: AfStandIn, tmp_path: Path) -> None:
    fetch(NAME)
    opened_later = workbook(
        {"Info": []},
        caches=[(SHARE_FIELDS, share_records(["2026-06"]))],
        saved="2026-12-24T15:00:00Z",
    )
    saved = tmp_path / "gammal.xlsx"
    saved.write_bytes(opened_later)
    assert fetch(NAME, file=saved).vintage.startswith("2026-08-01.")
    assert ig.load(NAME, places=["Malmö"])["period"].max() == pd.Period("2026-08", "M")


def test_a_workbook_for_a_dataset_without_one_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"scb-bas-month does not come as a workbook.*af-reg"):
        fetch("scb-bas-month", file=tmp_path / "x.xlsx", data_dir=tmp_path)
    with pytest.raises(UsageError, match="There is no file"):
        fetch(NAME, file=tmp_path / "x.xlsx", data_dir=tmp_path)


def test_nothing_stored_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(
        SnapshotMissingError, match=r"integstats fetch af-registered-share$|fetch af-r"
    ):
        ig.load(NAME, places=["Malmö"], data_dir=tmp_path)


def test_a_folder_that_cannot_be_written_costs_only_time(
    site: AfStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(NAME)
    processed = store.write_root() / "processed"
    for path in processed.iterdir():
        path.unlink()
    processed.rmdir()
    processed.write_text("a file where a folder should be")
    assert len(ig.load(NAME, places=["Malmö"])) == 2 * 9
