"""The methodology paper on contact notes (published methodology, 2.7).

Belongs here: text that the settings and the reading quality of the run fill in. Does not belong here: how well notes
were read in detail (write_note_reading.py), results.
"""

from modelling_assets.steps.documents.document import Block, Bullets, Grid, Heading, Link, Paragraph, Section, Words
from modelling_assets.steps.documents.run_facts import RunFacts
from modelling_assets.steps.methodology.methodology_appendices import published_grid
from modelling_assets.steps.tables.quality_tables import QualityTables
from modelling_assets.steps.tables.shown_cells import ShownCells
from modelling_assets.steps.tables.wording import percent
from resources.study_settings import StudySettings

LABEL_ERRORS = 21


def notes_section(cells: ShownCells, quality: QualityTables, facts: RunFacts, settings: StudySettings) -> Section:
    """Section 5: sample, filter, what reads, the rule for a requirement, how right it is."""
    notes = settings.notes
    engines = [
        [engine.name, engine.model, engine.weights or "not stated", engine.prompt or "none", engine.version]
        for engine in facts.engines
    ]
    steps: list[Words] = [
        f"Sample: a random {percent(notes.unlinked_sample_share)} of requirements not linked to structured treatment; "
        f"{percent(notes.linked_decoy_share)} of linked requirements ride along, so that being on the list reveals "
        "nothing.",
        "Notes: {Whose_contacts}, from the start of the requirement to its end or the end of observation. Two "
        "requirements of a person that overlap share notes. Notes marked sensitive are not read: the mark restricts "
        f"who may read a contact, and the source does not say that it read them{_sensitive(quality)}.",
        "Filter: notes with one of the keywords of appendix C, matched "
        f"{'as whole words' if notes.filter.whole_words else 'also within words'}, acronyms "
        f"{'in capitals only' if notes.filter.case_sensitive_acronyms else 'in any case'}, blanks within a keyword "
        f"{'as any white space' if notes.filter.any_white_space else 'exactly'}.",
        f"Label: a note is engaged from a probability of {notes.labels.label_threshold} on; without an answer it has "
        "no label, which is never a 'not engaged'.",
        f"Requirement: {{so_many_notes}} with a probability of {notes.engaged_p1:.12g} or more {{are}} enough. A "
        "requirement without a note with a keyword counts as not engaged.",
        "Before the end of a requirement: the share of notes labelled engaged in its last {termination_period}.",
    ]
    blocks: list[Block] = [
        Heading("note-steps", "5.1 From notes to engagement"),
        Bullets(steps),
        Heading("note-engine", "5.2 What read the notes"),
        Paragraph(
            f"Contact notes were read by {facts.read_by}. The prompt of language models is {notes.labels.prompt}."
        ),
        *(Paragraph(f"No instruct model read them, for this reason: {engine.reason}")
          for engine in facts.engines if engine.reason),
        *([Grid("Engines of this run", ["Engine", "Model", "Weights (hash)", "Prompt (hash)", "Software"], engines)]
          if engines else []),
        Heading("note-quality", "5.3 How well notes are read"),
        Paragraph(
            (
                f"Reviewed requirements are judged by {'a program' if facts.simulated_review else 'people'} without "
                "sight of the labels; linked decoys are known to be in treatment. Reviewed decoys are set apart when "
                "labels are corrected: sensitivity and specificity are those of reviewed requirements not linked. ",
                Link("How contact notes were read", "note_reading.html"),
                " has the details.",
            )
        ),
        *published_grid(cells, LABEL_ERRORS, facts),
        *_reviewed(quality),
        Heading("note-estimate", "5.4 From the sample to all requirements"),
        Paragraph(
            "The share engaged of the sample is applied to all requirements not linked, with limits for a sample drawn "
            "without replacement, requirements of a person taken together. The same share is corrected for wrong "
            "labels (Rogan and Gladen) with a bootstrap by person of "
            f"{settings.modelling.engagement.bootstrap_replicates:,} replicates that also draws sensitivity and "
            "specificity."
        ),
    ]  # fmt: skip
    return Section("notes", "5. Contact notes", blocks)


def _sensitive(quality: QualityTables) -> str:
    """How many notes were left out for their mark, where it is known."""
    counted = [row for row in quality.table("selection", "", "").rows if row[0].startswith("marked sensitive")]
    return f" ({counted[0][1]} here)" if counted else ""


def _reviewed(quality: QualityTables) -> list[Block]:
    if not quality.has("reviewer agreement"):
        return []
    table = quality.table("reviewer agreement", "Agreement of reviewers", "Reviewers")
    return [Grid(table.caption, table.headers, table.rows)]
