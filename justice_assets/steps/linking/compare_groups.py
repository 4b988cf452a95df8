"""Two groups of identities as one pair of records: the two names and birth dates most alike, and of the rest the best.

Belongs here: what stands for a group of justice records where it is compared. Does not belong here: which groups are
compared, and what a pair weighs (record_linkage).

Which rows stand for a group is found by codes; what they say is read for these rows alone, column by column.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from justice_assets.steps.linking.group_rules import FORM, FORM_AGREEMENTS, LOOKED_AT, LOOKED_AT_WITH_HOMES
from justice_assets.steps.linking.justice_specification import (
    FEMALE,
    KEPT_COLUMNS,
    MIDDLE_INITIAL,
    NUMBERS,
    OUTCODE,
    PLAIN_COLUMNS,
    SECTOR,
)
from record_linkage.identities.coded_identities import values_at
from record_linkage.identities.condense import IDENTITY
from record_linkage.identities.derive import derive
from record_linkage.identities.group_candidates import (
    GROUP,
    FormsOfGroups,
    Table,
    best_forms,
    forms_of_groups,
    rows_with,
)
from record_linkage.identities.group_values import chosen_values, values_of_groups
from record_linkage.identities.least_weights import Bits
from record_linkage.identities.rows_sharing import Mask
from record_linkage.identities.score_identities import Scoring, score_sides
from record_linkage.identities.value_codes import Rows
from record_linkage.scoring.score_in_chunks import ChunkFolder

OF_FORM = [column for column in KEPT_COLUMNS if set(column.meta.root_names()) <= set(FORM)]
FORM_COLUMNS = (*FORM, *(each.meta.output_name() for each in OF_FORM))
# What else is compared: column, those that say less of it, and what is made of it.
VALUES = {
    **{name: ((name,), ()) for name in NUMBERS},
    "postcode": (("postcode", "sector", "outcode"), (SECTOR, OUTCODE)),
    "middle_names": (("middle_names", "middle_initial"), (MIDDLE_INITIAL,)),
    "sex": (("female",), (FEMALE,)),
}
ALIKE = "form"


@dataclass(frozen=True)
class GroupTables:
    """forms: names and birth dates of each group, and their codes. tables: what rules look at: numbers, forms, and
    forms with each of their postcodes.
    """

    forms: FormsOfGroups
    of_forms: Table
    tables: tuple[Table, ...]

    @classmethod
    def of(cls, codes: Table, group: Rows) -> "GroupTables":
        """Of codes of identities, and the group of each."""
        forms = forms_of_groups(group, [codes[column] for column in FORM])
        numbered = [(name, rows_with(group, codes[name])) for name in NUMBERS]
        numbers = [{GROUP: group[rows], name: codes[name][rows]} for name, rows in numbered]
        of_forms = {GROUP: forms.group} | {column: codes[column][forms.rows] for column in LOOKED_AT}
        homes = rows_with(forms.of_row, codes["postcode"])
        with_homes = {column: codes[column][homes] for column in LOOKED_AT_WITH_HOMES}
        return cls(forms, of_forms, (*numbers, of_forms, {GROUP: group[homes]} | with_homes))


def with_a_pair(pairs: pl.DataFrame, groups: int) -> Mask:
    """Whether each of so many groups has a pair (l, r)."""
    found = np.zeros(groups, dtype=np.bool_)
    found[pairs["l"].to_numpy()], found[pairs["r"].to_numpy()] = True, True
    return found


@dataclass(frozen=True)
class ComparedGroups:
    """pairs: l, r (groups), and for each of FORM and VALUES the rows of `said` that are compared, as x_l and x_r.

    said: what they say. forms have identity, the first that looks so. shares: columns x and tf_x of compared values.
    """

    pairs: pl.DataFrame
    said: Mapping[str, pl.DataFrame]
    shares: Mapping[str, pl.DataFrame]

    @classmethod
    def of(
        cls,
        identities: pl.LazyFrame,
        rows: Rows,
        codes: Table,
        shares: Mapping[str, Bits],
        group: Rows,
        tables: GroupTables,
        pairs: pl.DataFrame,
    ) -> "ComparedGroups":
        """Of `pairs` of groups. rows: some of `identities`; codes, shares and group: of each of them."""
        wanted = with_a_pair(pairs, int(group.max(initial=0)) + 1)
        alike = best_forms(pairs, tables.forms, tables.of_forms, FORM_AGREEMENTS)
        stands = {ALIKE: tuple(pl.Series(tables.forms.rows[alike[side].to_numpy()]) for side in ("l", "r"))}
        for name, (levels, _) in VALUES.items():
            stands[name] = chosen_values(pairs, values_of_groups(group, wanted, codes, levels, shares.get(name)))
        said: dict[str, pl.DataFrame] = {}
        placed: list[pl.Series] = []
        weighed = [name for name in shares if name in (*FORM_COLUMNS, *VALUES)]
        for name, sides in stands.items():
            one = pl.concat([side.rename("row") for side in sides]).drop_nulls().unique().sort()
            at = one.to_numpy()
            columns = (IDENTITY, *FORM) if name == ALIKE else (name,)
            known = values_at(identities, rows[at], columns)
            made = OF_FORM if name == ALIKE else VALUES[name][1]
            of_it = [each for each in weighed if each in (FORM_COLUMNS if name == ALIKE else (name,))]
            tf = [pl.Series(f"tf_{each}", shares[each][at]) for each in of_it]
            said[name] = derive(known, made, PLAIN_COLUMNS).with_columns(tf)
            place = pl.DataFrame({"row": one}).with_row_index("place")
            for side, which in zip(sides, ("l", "r"), strict=True):
                found = side.alias("row").to_frame().join(place, on="row", how="left", maintain_order="left")["place"]
                placed.append(found.alias(f"{name}_{which}"))
        in_frame = {each: said[ALIKE if each in FORM_COLUMNS else each] for each in weighed}
        return cls(pairs.with_columns(placed), said, in_frame)

    def sides(self, pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """One record of either group of each of some of the pairs."""
        left, right = (
            pl.concat([frame[pairs[f"{name}_{side}"]] for name, frame in self.said.items()], how="horizontal")
            for side in ("l", "r")
        )
        return left, right

    def scored(self, ids: pl.Series, scoring: Scoring, chunks: ChunkFolder | None) -> pl.DataFrame:
        """l, r and match_weight of the pairs (score_sides), as identities; ids: all of them. Raises SplinkFailed."""
        return score_sides(self.sides, ids, self.shares, self.pairs, scoring, chunks)
