"""The settings of a study as a list: dotted name to value, as the manifest of a publication keeps them.

Belongs here: which settings are listed. Does not belong here: how a document prints them
(publication_assets/steps/methodology), what differs between two lists (pathways/lineage/settings_told.py).

Sections whose values name people or offices are left out (release, governance, duties), and so is who decided the
threshold. Nothing listed is a secret or a value of the data.
"""

from typing import Any

from resources.settings.study_settings import StudySettings

LISTED = ("study", "extracts", "linkage", "combining", "drift", "notes", "modelling", "publication")
NAMES_PEOPLE = frozenset({"linkage.threshold_decision.decided_by"})


def listed_settings(settings: StudySettings) -> dict[str, Any]:
    """Dotted name ("linkage.threshold") to value as JSON has it, in the order of the sections."""
    found: dict[str, Any] = {}
    for section in LISTED:
        found |= _flat(section, getattr(settings, section).model_dump(mode="json"))
    return {name: value for name, value in found.items() if name not in NAMES_PEOPLE}


def _flat(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not value:
        return {name: value}
    found: dict[str, Any] = {}
    for key, part in value.items():  # pyright: ignore[reportUnknownVariableType]
        found |= _flat(f"{name}.{key}", part)
    return found
