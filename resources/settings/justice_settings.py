"""The settings of the linking of justice records: `[justice]`, `[justice_views]` and `[justice_drift]` of
study.toml.

Belongs here: their meaning. Does not belong here: the study's linkage (study_settings.py).
"""

from datetime import date

from pydantic import Field, model_validator

from resources.settings.drift_settings import Bounds, LinkageDrift, SourceBands
from resources.settings.settings_section import Backend, Section

MODEL_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"


class JusticeLinkage(Section):
    """Thresholds in match weight, and the limits of the linking of justice records."""

    model_name: str = Field(pattern=MODEL_PATTERN, description="the approved model, which releases are scored with")
    model_sha256: str = Field(description="its digest; empty for synthetic extracts alone")
    seed: int = Field(description="of the sample that the model is trained on")
    threshold_high: float = Field(description="bits from which two records are one person at the strictest of three")
    threshold_medium: float = Field(description="the same at the middle one, which the released figures use")
    threshold_low: float = Field(description="the same at the widest")
    lowest_weight: float = Field(description="bits below which pairs are not kept; at most the widest threshold")
    training_records: int = Field(ge=2, description="identities that the model is trained on, drawn at random")
    chance_pairs: int = Field(ge=1, description="about how many pairs of values tell how often strangers agree")
    em_pairs: int = Field(ge=1, description="about how many pairs of each training rule are looked at")
    rarest_counted: int = Field(ge=1, description="values of fewer records weigh as those of so many")
    largest_block: int = Field(ge=2, description="records sharing what a rule asks for; more are not compared by it")
    largest_cluster: int = Field(ge=2, description="records of one person above which a cluster is listed by size")
    twins_bits: float = Field(le=0, description="added where all is the same but a dissimilar forename")
    pairs_per_chunk: int = Field(ge=1, description="pairs scored together; a killed scoring goes on with the next")
    records_per_batch: int = Field(ge=1, description="records read together")
    backend: Backend = Field(exclude=True, description="the database under Splink")

    @property
    def thresholds(self) -> tuple[float, float, float]:
        """High, medium, low."""
        return self.threshold_high, self.threshold_medium, self.threshold_low

    @property
    def by_name(self) -> dict[str, float]:
        """The same by name."""
        return dict(zip(("high", "medium", "low"), self.thresholds, strict=True))

    @model_validator(mode="after")
    def _nested(self) -> "JusticeLinkage":
        if not self.threshold_high > self.threshold_medium > self.threshold_low >= self.lowest_weight:
            raise ValueError(
                "threshold_high must be above threshold_medium, that above threshold_low and lowest_weight"
            )
        return self


class JusticeHoldOut(Section):
    """Whose identity numbers are held out, to see how well the links are found without them."""

    seed: int = Field(description="of the people that are drawn")
    records: int = Field(ge=1, description="about how many records with a number; where there are fewer, all")


class JusticeReview(Section):
    """Clerical review of pairs of justice records: how many are drawn in each band of match weight, and what they say.

    Of a band that has fewer, all are drawn.
    """

    seed: int = Field(description="of the sample, of each reviewer's order of pairs, and of the bootstrap")
    below_low: int = Field(ge=2, description="pairs below the widest threshold: what the linkage misses among them")
    low_to_medium: int = Field(ge=2, description="pairs from the widest threshold to the middle one")
    medium_to_high: int = Field(ge=2, description="pairs from the middle threshold to the strictest")
    above_high: int = Field(ge=2, description="pairs from the strictest threshold up")
    one_group: int = Field(ge=2, description="pairs that were held as one group without being compared")
    match_score: float = Field(gt=0, le=1, description="mean score of the reviewers from which a pair is a match")
    confidence_level: float = Field(gt=0.5, lt=1, description="coverage of the limits")
    bootstrap_replicates: int = Field(ge=100, description="replicates of the stratified bootstrap")


class JusticeViews(Section):
    """What the research views of justice records count, and for how long people are followed."""

    recall_days: int = Field(ge=1, description="days after release within which a recall counts")
    gate_days: int = Field(ge=1, description="days before release within which a Through the Gate referral counts")
    through_the_gate_from: date = Field(description="since when every release is prepared by Through the Gate")
    reconviction_days: int = Field(ge=1, description="days within which a further conviction counts")
    fewest_reports_of_court: int = Field(ge=1, description="reports of a court from which it has a row of its own")
    court_records_from: date = Field(description="first day of court records: what came before is not in the extracts")
    history_days: int = Field(ge=1, description="days before a sentence within which earlier convictions are counted")
    fewest_of_level: int = Field(ge=1, description="with and without custody, below which a level leaves the model")
    fewest_defendants_of_court: int = Field(ge=1, description="convicted defendants from which a court stands apart")
    confidence_level: float = Field(gt=0.5, lt=1, description="coverage of the intervals")
    court_records_whole_until: date = Field(description="last day before cases of the Common Platform are lacking")


class Justice(Section):
    """How records of probation, prisons, the Crown Court and magistrates' courts are read before they are linked."""

    earliest_birth_date: date = Field(description="an earlier date of birth is a slip, and read as missing")
    youngest_years: int = Field(ge=0, description="age in years at the first event below which a birth is a slip")
    placeholder_birth_dates: list[date] = Field(description="dates that are typed where none is known")
    no_fixed_abode_postcodes: list[str] = Field(description="postcodes that mean no fixed abode")
    unknown_names: list[str] = Field(description="words that are typed where no name is known, in capitals")
    titles: list[str] = Field(description="words before or after a name that are no part of it, in capitals")
    linkage: JusticeLinkage = Field(description="which records are one person")
    hold_out: JusticeHoldOut = Field(description="how good the links are found to be without truth")
    # Excluded from the fingerprint: no table of a refresh is made from how a review is sampled.
    review: JusticeReview = Field(exclude=True, description="clerical review of the links")


class JusticePlausible(Section):
    """Least and most of a share in each of the four sources, whatever the release before was: outside, something was
    lost, not changed.
    """

    surname: Bounds = Field(description="records with a surname")
    forename: Bounds = Field(description="records with a forename")
    birth_date: Bounds = Field(description="records with a date of birth that is none of the placeholders")
    sex: Bounds = Field(description="records with a sex")
    postcode: Bounds = Field(description="records with a postcode")
    linked: Bounds = Field(description="records whose person has another record")


class JusticeDrift(SourceBands):
    """What of the justice records may change from training or the release before, before a release stops."""

    linkage: LinkageDrift = Field(description="the same of the linkage")
    plausible: JusticePlausible
