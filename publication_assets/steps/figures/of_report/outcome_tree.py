"""Figures 2 and 3: from all requirements to linked and not linked, and on to their outcomes.

Belongs here: which cells the figure shows, its data and its words. Does not belong here: the picture
(tree_drawing.py), counting (tables_outcomes.py).
"""

from contracts.vocabulary import TYPES
from publication_assets.catalogue.rows import STATUS_LABELS, UNLINKED_LABELS
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.documents.run_facts import RunFacts, words
from publication_assets.steps.figures.of_report.drawn_figures import Frame, figure_words
from publication_assets.steps.figures.of_report.tree_drawing import Node, narrow_tree, wide_tree
from publication_assets.steps.tables.shown_cells import ShownCells
from publishing.charts.charts import Figure
from publishing.tables.declared import noun_of

TABLE = "treatment_outcomes"
SIDES = {"linked": STATUS_LABELS, "not linked": UNLINKED_LABELS}


def outcome_tree(cells: ShownCells, kind: str, facts: RunFacts) -> Figure:
    """Figure 2 (ATR) or 3 (DRR): treatment outcomes of linked requirements, what is known of the others."""
    noun, rows, said, branches = noun_of(kind), [], [], []
    for side, names in SIDES.items():
        heading, leaves = facts.wording(cells.group(TABLE, side)), []
        for name in names:
            texts = _texts(cells, f"{side}/{name}", kind)
            label = facts.wording(cells.label(TABLE, f"{side}/{name}"))
            leaves.append(Node(texts[0], label, f"{texts[1]} of all, {texts[2]} of {side}"))
            rows.append([heading, label, *texts])
        number, part, _ = _texts(cells, side, kind)
        branches.append(Node(number, heading, f"{part} of all {noun}", tuple(leaves)))
        said.append(
            f"{heading}: {number} ({part}), of which "
            + "; ".join(f"{row[1]}, {row[2]} ({row[4]})" for row in rows if row[0] == heading)
        )
    root = Node(_texts(cells, "all", kind)[0], f"All {noun}", "", tuple(branches))
    alternative = f"Tree from {root.number} {noun} to their outcomes. {'. '.join(said)}."
    frame = Frame(
        dict(zip(TYPES, TABLES[TABLE].figures, strict=True))[kind],
        f"Treatment engagement outcomes for {noun} between sentencing and {words(facts.observation_end)}",
        "Outcome",
        f"Number and percentage of {noun}",
        TABLES[TABLE].name,
    )
    title, subtitle = figure_words(frame, facts)
    headers = ["Linkage", "Outcome", f"{noun} (count)", f"Of all {noun}", f"Of linked or not linked {noun}"]
    drawn = wide_tree(root, alternative), narrow_tree(root, alternative)
    return Figure(frame.number, title, alternative, drawn[0], headers, rows, frame.source, subtitle, drawn[1])


def _texts(cells: ShownCells, row: str, kind: str) -> list[str]:
    """Number, share of all and share of the side of a row."""
    shares = (cells.percent(TABLE, row, f"share_of_{of}/{kind}") for of in ("all", "side"))
    return [cells.text(TABLE, row, f"requirements/{kind}"), *shares]
