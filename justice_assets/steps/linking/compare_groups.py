"""Two groups of identities as one pair of records: the two names and birth dates most alike, and of the rest the best.

Belongs here: what stands for a group of justice records where it is compared. Does not belong here: which groups are
compared, and what a pair weighs (record_linkage).
"""

from dataclasses import dataclass

import polars as pl

from justice_assets.steps.linking.group_rules import FORM, FORM_AGREEMENTS
from justice_assets.steps.linking.justice_specification import (
    FEMALE,
    KEPT_COLUMNS,
    MIDDLE_INITIAL,
    NUMBERS,
    OUTCODE,
    PLAIN_COLUMNS,
    SECTOR,
)
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive
from record_linkage.identities.group_candidates import (
    FIRST,
    FormsOfGroups,
    Table,
    best_forms,
    coded,
    forms_of_groups,
    forms_with,
)
from record_linkage.identities.group_values import ValuesOfGroups, chosen_values, values_of_groups
from record_linkage.identities.value_codes import codes_of

OF_FORM = [column for column in KEPT_COLUMNS if set(column.meta.root_names()) <= set(FORM)]


@dataclass(frozen=True)
class ComparedGroups:
    """forms: names and birth dates of each group, with identity (the first that has them). values: all else.

    tables: what rules look at: numbers, forms, and forms with each of their postcodes.
    """

    forms: FormsOfGroups
    values: tuple[ValuesOfGroups, ...]
    tables: tuple[Table, ...]

    @classmethod
    def of(cls, identities: pl.DataFrame, groups: int) -> "ComparedGroups":
        """Of identities with `group` and tf_x."""
        found = forms_of_groups(identities, FORM)
        shares = [name for name in identities.columns if name.startswith("tf_") and name != "tf_postcode"]
        first = identities.select(IDENTITY, *shares)[found.forms[FIRST]]
        forms = derive(pl.concat([found.forms, first], how="horizontal"), OF_FORM, PLAIN_COLUMNS)
        numbers = [values_of_groups(identities, groups, name) for name in NUMBERS]
        place = values_of_groups(identities, groups, "postcode", (SECTOR, OUTCODE), _share(identities, "postcode"))
        middle = values_of_groups(identities, groups, "middle_names", (MIDDLE_INITIAL,))
        sex = values_of_groups(identities.select("group", FEMALE), groups, "female")
        table = coded(forms.select("group", *FORM, *(each.meta.output_name() for each in OF_FORM)))
        homes, rows = forms_with(found, table, codes_of(identities["postcode"]))
        postcodes = identities.select("postcode")[rows].with_columns(OUTCODE)
        homes = {**homes, **{name: codes_of(postcodes[name]) for name in postcodes.columns}}
        tables = (*(coded(each.values) for each in numbers), table, homes)
        return cls(FormsOfGroups(forms, found.starts, found.of_row), (*numbers, place, middle, sex), tables)

    def sides(self, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """One record of either group of each pair (l, r)."""
        alike = best_forms(pairs, self.forms, self.tables[len(NUMBERS)], FORM_AGREEMENTS)
        sides = [[self.forms.forms[alike[side]]] for side in ("l", "r")]
        for each in self.values:
            for side, rows in zip(sides, chosen_values(pairs, each), strict=True):
                side.append(each.values.drop("group")[rows])
        left, right = (pl.concat(side, how="horizontal") for side in sides)
        return left, right


def _share(identities: pl.DataFrame, column: str) -> str:
    return f"tf_{column}" if f"tf_{column}" in identities.columns else ""
