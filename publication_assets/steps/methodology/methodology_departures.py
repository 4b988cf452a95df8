"""The methodology paper on where this release departs from the published study.

Belongs here: how the departures are laid out, and what a choice does to headline figures. Does not belong here: the
departures themselves (study_to_code.csv beside this file, study_statements.py).
"""

from collections.abc import Mapping, Sequence

from publication_assets.steps.comparison.choices import CHOICES, PERCENT, Choice
from publication_assets.steps.comparison.other_settings import in_words, other_definitions
from publication_assets.steps.methodology.study_statements import METHODOLOGY, REPORT, Statement, departures
from publication_assets.steps.tables.estimates.quality_tables import QualityTables
from publishing.documents.document import Grid, text_of
from publishing.documents.fill_template import Value
from resources.settings.study_settings import StudySettings

HEADERS = ["Section", "The study says", "Here", "Effect on figures"]
EFFECTS, OF_CHOICES = "choices", "choice_effects: "
HEADLINES = ("Requirements analysed", "Linked to structured treatment", "Reconvicted")
NO_CHANGE = "no headline figure changes"


def departures_values(
    statements: Sequence[Statement], linkage_quality: QualityTables, settings: StudySettings
) -> Mapping[str, Value]:
    """Section 10. statements: all of the study. linkage_quality: of the run, with the effects of its choices."""
    return {
        **{
            f"table_{source}_departures": _table(source, statements, linkage_quality)
            for source in (METHODOLOGY, REPORT)
        },
        "other_definitions": [f"{in_words(each, settings)}." for each in other_definitions(settings)],
    }


def _table(source: str, statements: Sequence[Statement], linkage_quality: QualityTables) -> Grid:
    rows = [
        [
            f"{each.section} ({each.id})",
            each.statement,
            f"{each.status.capitalize()}: {each.because}.",
            effect_in_words(each.effect, linkage_quality),
        ]
        for each in departures(statements, source)
    ]
    return Grid(f"Departures from the {source}", HEADERS, rows)


def effect_in_words(effect: str, linkage_quality: QualityTables) -> str:
    """An effect as the list names it, with the headline figures of this run where it is of settings of combining."""
    if not effect.startswith(OF_CHOICES):
        return effect.replace("`", "")
    first, *others = effect.removeprefix(OF_CHOICES).split(", ")
    section = first.rsplit(".", 1)[0]
    settings = [first, *(other if "." in other else f"{section}.{other}" for other in others)]
    return ". ".join(_of_setting(setting, linkage_quality) for setting in settings)


def _of_setting(setting: str, linkage_quality: QualityTables) -> str:
    choice = CHOICES[setting]
    labels = [label for label in linkage_quality.labels(EFFECTS, setting) if label in HEADLINES]
    if not labels:
        return f"{choice.decides}: {NO_CHANGE}"
    found = [linkage_quality.measures(EFFECTS, "", label, setting).rows for label in labels]
    said = [
        f"{label[0].lower()}{label[1:]}, "
        + ", ".join(_under(choice, text_of(name), text_of(value)) for name, value in rows)
        for label, rows in zip(labels, found, strict=True)
    ]
    return f"{choice.decides}: {'; '.join(said)}"


def _under(choice: Choice, name: str, value: str) -> str:
    """A figure with the value of the setting that it is under."""
    said, marks = choice.said_with_marks(name)
    sign = "%" if PERCENT in marks else ""
    return f"{value}{sign} with {said}{marks.replace(PERCENT, '')}"
