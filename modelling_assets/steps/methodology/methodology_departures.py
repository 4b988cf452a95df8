"""The methodology paper on where this release departs from the published study.

Belongs here: how the departures are laid out, and what a choice does to headline figures. Does not belong here: the
departures themselves (study_to_code.csv beside this file, study_statements.py).
"""

from collections.abc import Sequence

from modelling_assets.steps.comparison.other_settings import in_words, other_definitions
from modelling_assets.steps.documents.document import Block, Bullets, Grid, Heading, Paragraph, Section
from modelling_assets.steps.methodology.study_statements import METHODOLOGY, REPORT, Statement, departures
from modelling_assets.steps.tables.quality_tables import QualityTables
from resources.study_settings import StudySettings

HEADERS = ["Section", "The study says", "Here", "Effect on figures"]
TITLES = {METHODOLOGY: "10.1 Departures from the methodology", REPORT: "10.2 Departures from the report"}
CHOICES, OF_CHOICES = "choices", "choice_effects: "
HEADLINES = ("Requirements analysed", "Linked to structured treatment", "Reconvicted")
NO_CHANGE = "no headline figure changes"


def departures_section(
    statements: Sequence[Statement], linkage_quality: QualityTables, settings: StudySettings
) -> Section:
    """Section 10. statements: all of the study. linkage_quality: of the run, with the effects of its choices."""
    blocks: list[Block] = [
        Paragraph(
            "Every statement of the published methodology and report that is not done as stated, why, and where its "
            "effect can be seen. Section numbers are those of the source; the words are ours. What is not listed is "
            "done as stated. The list is of the code with the settings it is delivered with. Settings of this run that "
            "define something else than the published study are listed at the end."
        )
    ]
    for source, title in TITLES.items():
        rows = [
            [f"{each.section} ({each.id})", each.statement, f"{each.status.capitalize()}: {each.because}.",
             effect_in_words(each.effect, linkage_quality)]
            for each in departures(statements, source)
        ]  # fmt: skip
        blocks += [Heading(f"departures-{source}", title), Grid(f"Departures from the {source}", HEADERS, rows)]
    blocks += [
        Heading("departures-settings", "10.3 Settings of this run that define something else"), *_settings(settings),
    ]  # fmt: skip
    return Section("departures", "10. Departures from the published study", blocks)


def _settings(settings: StudySettings) -> list[Block]:
    found = other_definitions(settings)
    if not found:
        return [Paragraph("None: every setting that decides what is counted is as in the published study.")]
    return [Bullets([f"{in_words(each, settings)}." for each in found])]


def effect_in_words(effect: str, linkage_quality: QualityTables) -> str:
    """An effect as the list names it, with the headline figures of this run where it is of settings of combining."""
    if not effect.startswith(OF_CHOICES):
        return effect.replace("`", "")
    first, *others = effect.removeprefix(OF_CHOICES).split(", ")
    section = first.rsplit(".", 1)[0]
    settings = [first, *(other if "." in other else f"{section}.{other}" for other in others)]
    return "; ".join(_of_setting(setting, linkage_quality) for setting in settings)


def _of_setting(setting: str, linkage_quality: QualityTables) -> str:
    labels = [label for label in linkage_quality.labels(CHOICES, setting) if label in HEADLINES]
    if not labels:
        return f"{setting}: {NO_CHANGE}"
    found = [linkage_quality.measures(CHOICES, "", label, setting).rows for label in labels]
    said = [f"{label[0].lower()}{label[1:]}, " + ", ".join(f"{name.lower()} {value}" for name, value in rows)
            for label, rows in zip(labels, found, strict=True)]  # fmt: skip
    return f"{setting}: {'; '.join(said)}"
