"""What a publication must say about where its figures come from.

Belongs here: facts about the run, not results. Does not belong here: figures of the tables.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from modelling_assets.steps.engagement.label_errors import review_was_simulated
from publication_assets.catalogue.wording import wording
from publication_assets.steps.documents.reading_engines import NOBODY, ReadingEngine, reading_engines
from publication_assets.steps.release.release_entries import ReleaseEntry, left_open, mailbox, release_entries
from publishing.documents.wording import Wording
from resources.settings.study_settings import StudySettings


@dataclass(frozen=True)
class RunFacts:
    """Which quarter, which period, whose data, whose labels. `requirements` and `people` are those analysed.

    series: name of the statistics, whatever the period. level: coverage of intervals. about: what the release says of
    itself as a publication.
    """

    quarter: str
    series: str
    contact: str
    cohort_start: date
    cohort_end: date
    observation_end: date
    requirements: int
    people: int
    synthetic: bool
    engines: tuple[ReadingEngine, ...]
    simulated_review: bool
    threshold: float
    imputations: int
    wording: Wording
    level: float
    disclosure_threshold: int
    minimum_base: int
    rounding_base: int = 0
    about: tuple[ReleaseEntry, ...] = ()

    @property
    def title(self) -> str:
        """Title of the release: the statistics and the months of sentence."""
        return f"{self.series}, sentences {months(self.cohort_start, self.cohort_end)}"

    @property
    def edition(self) -> str:
        """Which release of the series: the quarter, with its months."""
        year, number = int(self.quarter[:4]), int(self.quarter[-1])
        first, last = date(year, 3 * number - 2, 1), date(year, 3 * number, 1)
        return f"{self.quarter} ({first:%B} to {last:%B %Y})"

    @property
    def release(self) -> tuple[tuple[str, str], ...]:
        """What is given of the release but the contact, such as ("Licence", "Open Government Licence v3.0"); then what
        is not."""
        given = [(entry.heading, entry.said) for entry in self.about if entry.said and entry.setting != "contact"]
        still_open = ", ".join(entry.heading for entry in left_open(self.about))
        return (*given, *([("Not given", f"{still_open}.")] if still_open else []))

    @property
    def period(self) -> str:
        """Period of sentence in words."""
        return f"{words(self.cohort_start)} to {words(self.cohort_end)}"

    @property
    def rounding(self) -> str:
        """How the figures of the tables are rounded."""
        if self.rounding_base:
            return (
                f"Counts in the data tables are rounded to the nearest multiple of {self.rounding_base}, each on its "
                "own, so they may not add up to their totals. Percentages of counts are computed from rounded counts "
                "and shown as whole numbers. Odds ratios have two decimal places. A limit that "
                "would be 1.00 has three."
            )
        return (
            "Counts in the data tables are not rounded, except those of reviewed requirements where one is small. "
            "Percentages are computed from unrounded counts and shown as whole numbers, so they may not add up to 100. "
            "Odds ratios have two decimal places. A limit that would be 1.00 has three."
        )

    @property
    def synthetic_mark(self) -> str:
        """What every title says when the extracts are synthetic; empty otherwise."""
        return "SYNTHETIC DATA" if self.synthetic else ""

    def marked(self, title: str) -> str:
        """A title with what it must say when the extracts are synthetic."""
        return f"{title} [{self.synthetic_mark}]" if self.synthetic else title

    @property
    def reading_mark(self) -> str:
        """What titles of figures from contact notes say of what read them; empty for a language model."""
        return " AND ".join(dict.fromkeys(engine.mark for engine in self.engines if engine.mark))

    @property
    def experimental(self) -> bool:
        """Whether something that was trained on invented notes only read the contact notes."""
        return any(engine.mark for engine in self.engines)

    @property
    def read_by(self) -> str:
        """What read the contact notes, in words."""
        return "; ".join(engine.words for engine in self.engines) or NOBODY

    @property
    def read_by_in_short(self) -> str:
        """What read the contact notes, without its weights."""
        return "; ".join(dict.fromkeys(engine.plain_words for engine in self.engines)) or NOBODY

    @property
    def warnings(self) -> list[str]:
        """Sentences that cover, contents and report show first."""
        found = []
        if self.synthetic:
            found.append("Synthetic data: every record was made up by a program. No figure here describes real people.")
        found += dict.fromkeys(engine.warning for engine in self.engines if engine.warning)
        if self.simulated_review:
            found.append(
                "Simulated review: no person reviewed a contact note. A program gave the answers, and the estimates "
                "corrected for classification error rest on them."
            )
        return found


def run_facts(
    analysis_frame: pl.DataFrame,
    quarter: str,
    settings: StudySettings,
    note_reading_quality: pl.DataFrame | None = None,
) -> RunFacts:
    """Facts of the run that made `analysis_frame`; `settings` are those of the quarter.

    `note_reading_quality` says what read the contact notes; a page that says nothing of notes needs none. Raises
    BaselineCannotBePublished for labels of a baseline.
    """
    study, publication, release = settings.study, settings.publication, settings.release
    if isinstance(study.cohort_end, str) or isinstance(study.observation_end, str):
        raise TypeError("settings are not those of a quarter. Call settings.for_quarter first.")
    synthetic = bool(analysis_frame["synthetic"].any())
    return RunFacts(
        quarter=quarter,
        series=release.title,
        contact=mailbox(release.contact, synthetic),
        cohort_start=study.cohort_start,
        cohort_end=study.cohort_end,
        observation_end=study.observation_end,
        requirements=analysis_frame.height,
        people=analysis_frame["person_key"].n_unique(),
        synthetic=synthetic,
        engines=reading_engines(note_reading_quality) if note_reading_quality is not None else (),
        simulated_review=note_reading_quality is not None and review_was_simulated(note_reading_quality),
        threshold=settings.linkage.threshold,
        imputations=settings.modelling.imputation.imputations,
        wording=wording(settings),
        level=settings.modelling.confidence_level,
        disclosure_threshold=publication.disclosure_threshold,
        minimum_base=publication.minimum_base,
        rounding_base=publication.rounding_base,
        about=release_entries(release, synthetic),
    )


def months(start: date, end: date) -> str:
    """A period in words: its months where it begins and ends with one, else its days."""
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    return f"{start:%B %Y} to {end:%B %Y}" if whole else f"{words(start)} to {words(end)}"


def words(day: date) -> str:
    """A date as it is read out: "31 March 2023"."""
    return f"{day.day} {day:%B %Y}"
