"""What a publication must say about where its figures come from.

Belongs here: facts about the run, not results. Does not belong here: figures of the tables.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from modelling_assets.steps.engagement.label_errors import review_was_simulated
from publication_assets.steps.documents.reading_engines import NOBODY, ReadingEngine, reading_engines
from publication_assets.steps.tables.wording import Wording, wording
from resources.settings.study_settings import StudySettings


@dataclass(frozen=True)
class RunFacts:
    """Which quarter, which period, whose data, whose labels. `requirements` and `people` are those analysed.

    release: what is said of it as a publication, such as ("Licence", "Open Government Licence v3.0"). Of synthetic data
    nobody is the publisher.
    """

    quarter: str
    title: str
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
    disclosure_threshold: int
    minimum_base: int
    rounding_base: int = 0
    release: tuple[tuple[str, str], ...] = ()

    @property
    def period(self) -> str:
        """Period of sentence in words."""
        return f"{words(self.cohort_start)} to {words(self.cohort_end)}"

    @property
    def rounding(self) -> str:
        """How the figures of the tables are rounded."""
        if self.rounding_base:
            return (
                f"Counts are rounded to the nearest multiple of {self.rounding_base}, each for itself, so they may not "
                "add up to their totals. Percentages of counts are computed from rounded counts. They have whole "
                "numbers, odds ratios two decimal places."
            )
        return (
            "Counts are not rounded. Percentages are computed from unrounded numbers and rounded to whole numbers, so "
            "they may not add up to 100. Odds ratios have two decimal places."
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
    def read_by(self) -> str:
        """What read the contact notes, in words."""
        return "; ".join(engine.words for engine in self.engines) or NOBODY

    @property
    def warnings(self) -> list[str]:
        """Sentences that cover, contents and report show first."""
        found = []
        if self.synthetic:
            found.append("Synthetic data: every record was made up by a program. No figure here describes real people.")
        found += dict.fromkeys(engine.warning for engine in self.engines if engine.warning)
        if self.simulated_review:
            found.append(
                "Simulated review: a program played the people who review contact notes. Estimates corrected for wrong "
                "labels rest on its answers."
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
    study, publication = settings.study, settings.publication
    if isinstance(study.cohort_end, str) or isinstance(study.observation_end, str):
        raise TypeError("settings are not those of a quarter. Call settings.for_quarter first.")
    synthetic = bool(analysis_frame["synthetic"].any())
    return RunFacts(
        quarter=quarter,
        title=publication.title,
        contact=publication.contact,
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
        disclosure_threshold=publication.disclosure_threshold,
        minimum_base=publication.minimum_base,
        rounding_base=publication.rounding_base,
        release=tuple(
            (heading, said)
            for heading, said in (
                ("Publisher", "" if synthetic else publication.publisher),
                ("Publication date", publication.published_on),
                ("Next release", publication.next_release),
                ("Licence", publication.licence),
            )
            if said
        ),
    )


def words(day: date) -> str:
    """A date as it is read out: "31 March 2023"."""
    return f"{day.day} {day:%B %Y}"
