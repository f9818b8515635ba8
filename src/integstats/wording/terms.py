"""The one word list, in Swedish and English.

Words that belong to a measure lie in the catalogue; all others lie here. How they are joined
is in `integstats.wording.phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping

from integstats.catalogue import Language
from integstats.errors import UnknownCodeError, did_you_mean

Words = Mapping[str, tuple[str, str]]

TERMS: Words = {
    "foreign_born": ("utrikes födda", "foreign-born"),
    "native_born": ("inrikes födda", "native-born"),
    "women": ("kvinnor", "women"),
    "men": ("män", "men"),
    "gender_gap": ("skillnad mellan kvinnor och män", "gender gap"),
    "gender_gap_label": ("könsskillnad", "gender gap"),
    "percentage_point": ("procentenhet", "percentage point"),
    "percentage_points": ("procentenheter", "percentage points"),
    "per_cent": ("procent", "per cent"),
    "target": ("mål", "target"),
    "target_path": ("målbana", "target path"),
    "deadline": ("måldatum", "deadline"),
    "baseline": ("utgångsläge", "baseline"),
    "illustrative": ("räkneexempel", "illustrative example"),
    "break": ("tidsseriebrott", "break in the series"),
    "vintage": ("SCB:s uppdatering", "SCB's update"),
    "preliminary": ("preliminär", "preliminary"),
    "suppressed": (
        "uppgiften visas inte (för få personer)",
        "the figure is not shown (too few persons)",
    ),
    "interval": ("osäkerhetsintervall", "uncertainty interval"),
    "funnel": ("trattdiagram", "funnel plot"),
    "dumbbell": ("hanteldiagram", "dumbbell chart"),
    "peers": ("jämförbara kommuner", "comparable municipalities"),
    "forecast": ("prognos", "forecast"),
    "length_of_stay": ("vistelsetid", "length of stay"),
    "cagr_ratio": (
        "Eurostats kvot av tillväxttakter (inte bedömningen)",
        "Eurostat's ratio of growth rates (not the verdict)",
    ),
}
"""Words that stand alone, as labels and headings."""

VERDICTS: Words = {
    "cannot_judge": ("Kan inte bedömas", "Cannot be judged"),
    "met": ("Målet uppnått", "Target met"),
    "missed": ("Målet uppnåddes inte", "Target not met"),
    "below_target": (
        "Under målnivån – målperioden pågår",
        "Below the target level – the target period is still running",
    ),
    "above_target": (
        "Över målnivån – målperioden pågår",
        "Above the target level – the target period is still running",
    ),
    "worse": ("Går åt fel håll", "Moving in the wrong direction"),
    "too_early": ("För tidigt att bedöma", "Too early to judge"),
    "no_certain_change": ("Ingen säkerställd förändring", "No established change"),
    "ahead": ("På eller före målbanan", "On or ahead of the target path"),
    "not_distinct": (
        "Kan inte skiljas från målbanan",
        "Cannot be told apart from the target path",
    ),
    "behind": ("Efter målbanan", "Behind the target path"),
    "far_behind": ("Långt efter målbanan", "Far behind the target path"),
}
"""The verdicts; ``above_target`` is ``below_target`` where higher is better."""

READINGS: Words = {
    "mean_12m": ("tolvmånadersmedel", "twelve-month mean"),
    "same_month": ("samma månad varje år", "the same month each year"),
    "month": ("månadsvärden", "monthly figures"),
    "mean_4q": ("fyrakvartalsmedel", "four-quarter mean"),
    "same_quarter": ("samma kvartal varje år", "the same quarter each year"),
    "quarter": ("kvartalsvärden", "quarterly figures"),
    "year": ("årsvärden", "yearly figures"),
}
PATHS: Words = {"linear": ("rak", "straight"), "geometric": ("geometrisk", "geometric")}
COMPARATORS: Words = {
    "same_sex": ("inrikes födda av samma kön", "native-born of the same sex"),
    "all_natives": ("samtliga inrikes födda", "all native-born people"),
    "native_men": ("inrikes födda män", "native-born men"),
}
SEXES: Words = {
    "women": ("kvinnor", "women"),
    "men": ("män", "men"),
    "total": ("kvinnor och män", "women and men"),
}
BIRTH_TOTAL: Words = {"total": ("utrikes och inrikes födda", "foreign-born and native-born")}
FIELDS: Words = {
    "dataset": ("källa", "source"),
    "sex": ("kön", "sex"),
    "birth_region": ("födelseregion", "region of birth"),
    "age": ("ålder", "age"),
    "reading": ("avläsning", "reading"),
    "path": ("målbana", "target path"),
    "comparator": ("jämförelsegrupp", "comparator"),
    "measure": ("mått", "measure"),
    "kind": ("typ av mål", "kind of target"),
    "amount": ("hur mycket", "how much"),
    "places": ("område", "area"),
    "baseline": ("utgångsläge", "baseline"),
    "deadline": ("måldatum", "deadline"),
}
"""Fields of a target."""
BODIES: Words = {"regeringen": ("regeringen", "the Government")}
"""Public bodies with a word in each language; all others keep their own name."""
KINDS: Words = {
    "municipality": ("kommuner", "municipalities"),
    "county": ("län", "counties"),
    "mixed": ("områden", "areas"),
}
COUNTS: Words = {
    "labour_force": ("personer i arbetskraften", "persons in the labour force"),
    "population": ("personer i befolkningen", "persons in the population"),
    "students": ("studerande", "students"),
    "retired": ("pensionärer", "retired"),
    "sick": ("sjuka", "sick"),
    "other": ("övriga", "others"),
}
NOUNS = frozenset(
    {"övriga", "pensionärer", "matchade anställda", "others", "students", "matched employees"}
)
"""Words for persons that cannot stand before a group as adjectives do."""
BORN: Words = {
    "foreign_born": ("utrikes", "foreign-born"),
    "native_born": ("inrikes", "native-born"),
}


def pick(words: Words, code: str, lang: Language = "sv") -> str:
    """Return a word of a list in a language.

    Raises
    ------
    UnknownCodeError
        When the list does not have it.
    """
    if code not in words:
        raise UnknownCodeError(
            f"No words for {code!r}.{did_you_mean(code, words)} Known: {', '.join(words)}."
        )
    return words[code][0 if lang == "sv" else 1]
