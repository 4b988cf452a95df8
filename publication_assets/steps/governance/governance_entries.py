"""What a release says of its information governance, and what is missing before real data may be published.

Belongs here: the entries, from [governance] of study.toml. Does not belong here: their layout in the methodology paper
(templates/methodology), the settings themselves (resources/settings/governance_settings.py).
"""

from typing import cast

import polars as pl

from resources.settings.governance_settings import Approval, Governance
from resources.zone.gates import Measure

NOT_GIVEN, SYNTHETIC = "not given", "not given: synthetic data"
# Item to its parts: name in words, setting below [governance]. Deletion can only be confirmed after publication.
ITEMS = {
    "Data protection impact assessment": {
        "Reference": "impact_assessment.reference",
        "Approved by": "impact_assessment.by",
        "Approved on": "impact_assessment.on",
    },
    "Data sharing agreement": {
        "Reference": "data_sharing_agreement.reference",
        "Signed by": "data_sharing_agreement.by",
        "Signed on": "data_sharing_agreement.on",
    },
    "Caldicott Guardian authorisation": {
        "Reference": "caldicott_authorisation.reference",
        "Given by": "caldicott_authorisation.by",
        "Given on": "caldicott_authorisation.on",
    },
    "Lawful bases, Articles 6 and 9 UK GDPR": {"Bases": "lawful_bases"},
    "Consent to share with NDTMS": {"Share who consent": "consent_share", "Source": "consent_source"},
    "Deletion of preceding files": {
        "Reference": "deletion.reference",
        "Confirmed by": "deletion.by",
        "Confirmed on": "deletion.on",
    },
}
NOT_REQUIRED = ("Deletion of preceding files",)


def made_up_throughout(*tables: pl.DataFrame) -> bool:
    """Whether every row of tables with a column `synthetic` is made from synthetic extracts; not where one is empty."""
    return all(table.height and table["synthetic"].all() for table in tables)


def governance_entries(governance: Governance, synthetic: bool) -> pl.DataFrame:
    """schemas/publication.py InformationGovernance: a row per part of ITEMS, in their order.

    `synthetic`: the extracts are, so that nothing is required.
    """
    rows: list[tuple[str, str, str, str, bool, bool]] = []
    for item, parts in ITEMS.items():
        for part, setting in parts.items():
            entry = _in_words(_value(governance, setting))
            missing = SYNTHETIC if synthetic else NOT_GIVEN
            required = not synthetic and item not in NOT_REQUIRED
            rows.append((item, part, f"governance.{setting}", entry or missing, bool(entry), required))
    columns = {
        "item": pl.String,
        "part": pl.String,
        "setting": pl.String,
        "entry": pl.String,
        "given": pl.Boolean,
        "required": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=columns, orient="row")


def missing_entries(entries: pl.DataFrame) -> list[Measure]:
    """One measure per item: how many of its entries that real data need are not given; none may be missing."""
    found: list[Measure] = []
    for item in ITEMS:
        missing = entries.filter(pl.col("required") & ~pl.col("given") & (pl.col("item") == item))["setting"].to_list()
        found.append(
            Measure(
                f"entries missing of: {item}",
                float(len(missing)),
                "none",
                not missing,
                f"These are real data, and the release must say who allowed it. Give {', '.join(missing)} in "
                "study.toml and run the refresh again; nothing but the publication is made anew.",
            )
        )
    return found


def _value(governance: Governance, setting: str) -> object:
    name, *rest = setting.split(".")
    found = getattr(governance, name)
    return getattr(found, rest[0]) if isinstance(found, Approval) else found


def _in_words(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return "; ".join(cast("list[str]", value))
        case float():
            return f"{100 * value:.4g}%"
        case str():
            return value.strip()
        case _:
            return f"{value.day} {value:%B %Y}"  # type: ignore[attr-defined]
