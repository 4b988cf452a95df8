"""Ties the counts of records beside the odds ratios to the counts of the other tables.

Belongs here: which count of a model is nearly which count of a table. Does not belong here: either of them.

Both count the same requirements, but a model adds records whose level was imputed and leaves some out. A count that is
withheld in a table must not be read off the model. So readers are taken to know all that follows: what the records of
a model are in all; that factors without missing levels count the same there; and that others differ by the imputed.
"""

from dataclasses import replace
from statistics import mode

from modelling_assets.steps.sensitivity.sensitivity_models import COMPLETE, LINKED
from publication_assets.catalogue.measures_of_models import CHANGES, alternative_measures
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.tables.declared_table import PublishedTable
from publishing.tables.counted_table import Cell
from resources.settings.modelling_settings import POOLED_FACTOR, Model, Modelling

# Ending of a model's count to the ending of the same count in a table.
LINKED_ENDINGS = {"records": "", "outcome": "/linked", "no outcome": "/not linked"}
RECONVICTED_ENDINGS = {"records": "", "outcome": "/reconvicted", "no outcome": "/not reconvicted"}
ON_RECORDED_LEVELS = {measure.key for measure in (*alternative_measures(COMPLETE), CHANGES)}


def tie_model_counts(tables: list[PublishedTable], settings: Modelling) -> None:
    """Declare in each model's table what its counts, of records in all and by level, have to do with other tables'.

    Odds ratios of complete cases rest on recorded levels only, so they go with the other tables' counts too.
    """
    counted = {name: number for table in tables for name, number in table.counts.items()}
    twins: dict[str, list[str]] = {}
    by_model = {model: table for table in tables if (model := TABLES[table.key].model) in settings.models}
    for model, table in by_model.items():
        found = settings.models[model]
        endings = LINKED_ENDINGS if found.outcome == LINKED else RECONVICTED_ENDINGS
        for what, ending in endings.items():
            if not found.pools:
                twins |= _tie_counts(table, counted, found, model, what, ending)
            elif set(found.pools) <= by_model.keys():
                _tie_to_parts(table, {part: by_model[part] for part in found.pools}, model, what, settings)
    for table in (table for table in tables if table.key == "alternative_odds_ratios"):
        table.cells = [
            _with_twins(cell, twins) if cell.measure.key in ON_RECORDED_LEVELS else cell for cell in table.cells
        ]


def _with_twins(cell: Cell, twins: dict[str, list[str]]) -> Cell:
    more = [twin for name in cell.depends_on for twin in twins.get(name, ())]
    return replace(cell, depends_on=tuple(dict.fromkeys((*cell.depends_on, *more))))


def _tie_counts(
    table: PublishedTable, counted: dict[str, int], settings: Model, model: str, what: str, ending: str
) -> dict[str, list[str]]:
    """Tie all counts of records, or of those with or without the outcome; return the other tables' names of each."""
    tied: dict[str, list[str]] = {}
    in_all = {
        name: name.split("/")[1]
        for name in list(table.counts)
        if name.startswith(f"{model}/") and name.endswith(f"/{what}") and name.count("/") == 2
    }
    if not in_all:
        return tied
    records = f"{model}/{what}"
    table.counts[records] = mode(sorted(table.counts[name] for name in in_all))
    _tie(table, counted, records, f"{settings.requirement_type}{ending}", exactly=True)
    for name, factor in in_all.items():
        levels = {
            member: member.split("/")[2]
            for member in list(table.counts)
            if member.startswith(f"{model}/{factor}/") and member.endswith(f"/{what}") and member.count("/") == 3
        }
        rounding = abs(table.counts[name] - table.counts[records]) <= len(levels) / 2
        _tie(table, table.counts, name, records, exactly=rounding)
        twins = [
            (member, other)
            for member, level in levels.items()
            for other in _names_in_tables(settings.requirement_type, factor, level, what, ending)
            if other in counted
        ]
        same = table.counts[name] == table.counts[records] and all(
            counted[other] == table.counts[member] for member, other in twins
        )
        for member, other in twins:
            _tie(table, counted, member, other, exactly=same)
            tied.setdefault(member, []).append(other)
    return tied


def _tie_to_parts(
    table: PublishedTable, parts: dict[str, PublishedTable], model: str, what: str, settings: Modelling
) -> None:
    """Declare that the counts of a model that pools others are the sums of theirs."""
    counted = {name: number for part in parts.values() for name, number in part.counts.items()}
    of_type = {settings.models[part].requirement_type: part for part in parts}
    for name in [name for name in table.counts if name.startswith(f"{model}/") and name.endswith(f"/{what}")]:
        _, factor, *level, _ = name.split("/")
        if factor != POOLED_FACTOR:
            names = [f"{part}/{name.partition('/')[2]}" for part in parts]
        else:
            names = [f"{part}/{what}" for kind, part in of_type.items() if level in ([], [kind])]
        if set(names) <= counted.keys():
            table.counts |= {each: counted[each] for each in names}
            table.add_up(name, *names)


def _tie(table: PublishedTable, counted: dict[str, int], name: str, other: str, exactly: bool) -> None:
    """Declare that two counts differ by a third, which a reader knows exactly, or only that it is no less than 0."""
    if other not in counted:
        return
    greater, lesser = (name, other) if table.counts[name] >= counted[other] else (other, name)
    difference = f"{greater} beyond {lesser}"
    table.counts[other] = counted[other]
    table.counts[difference] = table.counts[greater] - table.counts[lesser]
    (table.known if exactly else table.differences).add(difference)
    table.add_up(greater, lesser, difference)


def _names_in_tables(kind: str, factor: str, level: str, what: str, ending: str) -> list[str]:
    """Names under which tables may count what a model counts at one level of a factor."""
    if factor == "treatment_status":
        return [f"{kind}/{'not linked' if level == 'Not linked' else f'linked/{level}'}{ending}"]
    names = [f"{kind}/{factor}/{level}{ending}"]
    return [*names, f"{kind}/linked/{factor}/{level}"] if (what, ending) == ("outcome", "/linked") else names
