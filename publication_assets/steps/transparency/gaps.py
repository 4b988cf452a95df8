"""What of the transparency records and of the impact assessment only people can say, and nobody has said yet.

Belongs here: finding the gaps and naming them. Does not belong here: the settings (resources/settings), the records
(write_records.py).
"""

from collections.abc import Iterator

from resources.settings.release_settings import Transparency
from resources.settings.settings_section import Section

UNDER = "release.transparency"


def words_of(transparency: Transparency) -> dict[str, str]:
    """What people say, by its setting below release.transparency; of a gap, what is missing and where to write it."""
    return {setting: said or _gap(setting, what) for setting, said, what in _entries(transparency)}


def gaps_of(transparency: Transparency, record: str = "") -> list[str]:
    """What is not given, in words and with its setting, in order: of all records, or of one and what they share."""
    return [
        f"{what[0].upper()}{what[1:]} ({UNDER}.{setting})"
        for setting, said, what in _entries(transparency)
        if not said and ("." not in setting or not record or setting.startswith(f"{record}."))
    ]


def _gap(setting: str, what: str) -> str:
    return f"Not given. A person has to say: {what}. It is written under {UNDER}.{setting} in study.toml."


def _entries(section: Section, before: str = "") -> Iterator[tuple[str, str, str]]:
    """Setting, what is said, and what it should say."""
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _entries(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(value).strip(), field.description or name
