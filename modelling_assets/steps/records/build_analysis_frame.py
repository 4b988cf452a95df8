"""Puts together what the linkage zone and the notes zone say of each requirement.

Belongs here: the join of the two crossing tables, the meaning of "not linked" and of a main offence. Does not belong
here: missing values (impute_frames) and counting (the published tables).
"""

import polars as pl

MOTORING = "Summary motoring"  # Home Office offence group that drink driving is part of
DRINK_DRIVING, OTHER_MOTORING = "Drink driving", "Other summary motoring"


class EngagementDoesNotMatchRequest(Exception):
    """The engagement table answers another note request than the one in the requirements. Carries counts only."""


def build_analysis_frame(requirements: pl.DataFrame, engagement: pl.DataFrame) -> pl.DataFrame:
    """One row per requirement with what its notes say, sorted by requirement_key (report 1.4 and 1.5).

    `requirements` is anonymised_requirements, `engagement` requirement_engagement. All columns of both are kept under
    their names; the columns of `engagement` are empty where notes were not requested. `treatment_status` becomes
    "Not linked" where the requirement is not linked to structured treatment (report 4.5). Drink driving, which the
    round of 2023 reports, is an `offence_group` of its own beside other summary motoring.

    Raises EngagementDoesNotMatchRequest when the requirements marked `note_sampled` are not those of `engagement`.
    """
    requested = requirements.filter("note_sampled")
    unanswered = requested.join(engagement, on="requirement_key", how="anti").height
    unrequested = engagement.join(requested, on="requirement_key", how="anti").height
    if unanswered or unrequested:
        raise EngagementDoesNotMatchRequest(
            f"requirement_engagement lacks {unanswered} requirement(s) of the note request and has {unrequested} that "
            "were not requested: it answers another note request. Materialise the notes zone of this quarter again."
        )
    status = pl.when("linked_structured").then("treatment_status").otherwise(pl.lit("Not linked"))
    offence = (
        pl.when("drink_driving")
        .then(pl.lit(DRINK_DRIVING))
        .when(pl.col("offence_group") == MOTORING)
        .then(pl.lit(OTHER_MOTORING))
        .otherwise("offence_group")
    )
    return (
        requirements.join(engagement, on="requirement_key", how="left")
        .with_columns(treatment_status=status, offence_group=offence)
        .sort("requirement_key")
    )
