from __future__ import annotations

from pathlib import Path

import pytest

import integstats as ig
from integstats.errors import UsageError
from integstats.reports.organisation import LARGEST_LOGO

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


def test_a_file_beside_its_logo(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PNG)
    path = tmp_path / "utgivare.toml"
    path.write_text('name = "Malmö stad"\nlogo = "logo.png"\naccent = "#005CA9"\n', "utf-8")
    found = ig.Organisation.named(str(path))
    assert found == ig.Organisation("Malmö stad", PNG, "#005CA9")
    assert found.logo_type == "png"


def test_a_name_is_a_name() -> None:
    assert ig.Organisation.named("Malmö stad") == ig.Organisation("Malmö stad")
    assert ig.Organisation.named(None).name == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"accent": "blue"}, "must be written #RRGGBB; got 'blue'"),
        ({"accent": "#FFD500"}, r"contrast of 1\.\d+ : 1"),
        ({"logo": b"GIF89a", "name": "A"}, "neither PNG nor JPEG"),
        ({"logo": PNG}, "needs the organisation's name"),
        ({"logo": PNG + bytes(LARGEST_LOGO), "name": "A"}, "at most 2 MB"),
    ],
)
def test_what_cannot_be_published_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ig.Organisation(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('nam = "Malmö"', "Unknown key in .*: 'nam'. Did you mean 'name'"),
        ("name = 3", "must be text in quotes; got 3"),
        ('name = "A"\nlogo = "none.png"', "Cannot read the logo 'none.png'"),
        ("name = ", "Cannot read the organisation's file"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "utgivare.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said) as caught:
        ig.Organisation.read(path)
    assert "\n" not in str(caught.value)


def test_no_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot read the organisation's file"):
        ig.Organisation.named(str(tmp_path / "none.toml"))
