"""Whether an extract that was read is what it claims to be: what is told by all its rows together.

Belongs here: refusing an extract as a whole. Does not belong here: reading rows (read_block.py).
"""

from collections.abc import Mapping

import polars as pl

from resources.extracts import extract_rules as rules
from resources.extracts.extract_declaration import Column, Extract
from resources.extracts.extract_rules import ExtractError
from resources.extracts.files.raw_extract import RawExtract
from resources.extracts.reading.read_block import WHOLE_ROW, ColumnFacts
from resources.extracts.reading.read_extract import ReadExtract
from resources.extracts.values.date_order import cut_fault, order_fault
from resources.settings.extract_settings import Extracts

# Fewer faulty values than this in an optional column do not condemn the file (a rarely filled column may be all wrong).
FEWEST_FAULTY_VALUES = 20
Suspicion = tuple[str, str, str]  # column, rule, remedy


def require_what_it_claims(
    outcome: ReadExtract, raw: RawExtract, extract: Extract, facts: Mapping[str, ColumnFacts], limits: Extracts
) -> None:
    """Raise ExtractError, with `outcome` as its result, where the rows together say that the file is not this table."""
    forms = {name: of_column.forms for name, of_column in facts.items()}
    of_columns = (_unreadable(column, facts[column.name], limits) for column in extract.columns)
    suspicion = (
        order_fault(forms)
        or next(filter(None, of_columns), None)
        or _exchanged_columns(outcome, extract, limits)
        or _nothing_of_use(outcome, extract)
    )
    aside, share = outcome.rows_quarantined, limits.quarantined_share(outcome.extract)
    if suspicion:
        column, rule, remedy = suspicion
        error = ExtractError(raw.path, rule, remedy, column)
    elif aside > share * outcome.rows_read:
        columns = outcome.quarantined.group_by("column", "rule").len().sort("len", "column", "rule", descending=True)
        column, most = columns.row(0)[:2]
        where = _fields_found(raw) if most == rules.WRONG_FIELD_COUNT else "" if column == WHOLE_ROW else f"{column}: "
        error = ExtractError(
            raw.path,
            f"{aside} of {outcome.rows_read} rows cannot be used, more than the {share:.0%} allowed "
            f"(extracts.largest_quarantined_share in study.toml); mostly: {where}{most}",
            rules.REMEDIES[most],
        )
    else:
        return
    error.result = outcome
    raise error


def _unreadable(column: Column, facts: ColumnFacts, limits: Extracts) -> Suspicion | None:
    """When too many of a column's values are unreadable, or its dates were cut short."""
    faults = {rule: count for rule, count in facts.faults.items() if rule not in (rules.MISSING, rules.TOO_LATE)}
    wrong = sum(faults.values())
    if wrong >= FEWEST_FAULTY_VALUES and wrong > limits.largest_unreadable_share * (facts.filled + wrong):
        rule = min(faults, key=lambda rule: (-faults[rule], rule))
        return (
            column.name,
            f"{wrong} of {facts.filled + wrong} values cannot be read, mostly: {rule}",
            rules.REMEDIES[rule],
        )
    cut = cut_fault(facts.first_days) if column.kind == "date" else None
    return (column.name, *cut) if cut else None


def _exchanged_columns(outcome: ReadExtract, extract: Extract, limits: Extracts) -> Suspicion | None:
    """When most rows contradict themselves in one way: then the two columns are exchanged."""
    for order in extract.orders:
        times = outcome.voided.filter(pl.col("rule") == order.rule)["row_number"].n_unique()
        if times >= FEWEST_FAULTY_VALUES and times > limits.largest_unreadable_share * outcome.rows_read:
            return (
                f"{order.first}, {order.then}",
                f"{times} of {outcome.rows_read} rows are {order.rule}",
                f"Check that {order.first} and {order.then} are not exchanged.",
            )
    return None


def _nothing_of_use(outcome: ReadExtract, extract: Extract) -> Suspicion | None:
    """When columns that the table is void without are there, and empty."""
    for columns in extract.one_of:
        if set(columns) <= {*outcome.absent, *outcome.empty} and not set(columns) & set(extract.may_be_blank):
            rule = "no row has a value, and the table is of no use without one"
            return ", ".join(columns), rule, "Export the values too, not the column alone."
    return None


def _fields_found(raw: RawExtract) -> str:
    """How many fields the rows have that differ from the header in it."""
    if not raw.fields_found:
        return ""
    fields, rows = min(raw.fields_found.items(), key=lambda found: (-found[1], found[0]))
    return f"{rows} row(s) have {fields} fields, the header has {raw.columns}: "
