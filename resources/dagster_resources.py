"""The study's settings as a Dagster resource. Does not belong here: anything that knows a table or a zone."""

import dagster as dg

from resources.partitions import quarter_end
from resources.study_settings import StudySettings, load_study_settings


class StudyResource(dg.ConfigurableResource):
    """Gives assets the settings of `study.toml`, with the dates of the quarter that is run filled in."""

    def settings(self, quarter: str) -> StudySettings:
        """Settings for a quarter such as "2023Q1". Raises StudySettingsError that names a wrong key."""
        return load_study_settings().for_quarter(quarter_end(quarter))
