from __future__ import annotations

import dataclasses

import pytest
from sample_reports import malmo, single

from integstats.reports.checklist import checklist
from integstats.reports.organisation import Organisation


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_says_what_was_tested_and_never_more(lang: str) -> None:
    text = checklist(dataclasses.replace(single(), lang=lang)).decode("utf-8")  # type: ignore[arg-type]
    assert "EN 301 549 (WCAG 2.1 AA)" in text
    assert "axe-core" in text
    for program in ("Word", "PowerPoint", "Excel", "LibreOffice"):
        assert program in text
    assert single().title.text in text
    for claimed in ("uppfyller", "följer kraven", "conform", "comply", "compliant", "fulfil"):
        assert claimed not in text.casefold()


def test_the_sentence_is_the_agreed_one() -> None:
    text = checklist(malmo()).decode("utf-8")
    assert (
        "Exporterna är byggda och automatiskt provade mot de krav i EN 301 549 (WCAG 2.1 AA) som "
        "gäller diagram, tabeller och text. Det som maskiner inte kan prova står i en checklista i "
        "paketet. Ansvaret ligger kvar hos den som publicerar."
    ) in text


def test_a_logo_is_asked_about_where_there_is_one() -> None:
    assert "Logotypen" in checklist(malmo()).decode("utf-8")
    assert "Logotypen" not in checklist(single()).decode("utf-8")


def test_a_name_with_braces_is_only_a_name() -> None:
    by = dataclasses.replace(malmo().organisation, name="{0} {name}")
    text = checklist(dataclasses.replace(malmo(), organisation=by)).decode("utf-8")
    assert "räcker namnet {0} {name} som" in text
    assert checklist(dataclasses.replace(single(), organisation=Organisation("}{")))
