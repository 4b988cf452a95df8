"""What every zone gets as Dagster resources: the study's settings, and the zone's secrets.

Does not belong here: anything that knows a table or a zone.
"""

import dagster as dg

from resources.secrets.zone_secrets import ZoneSecrets
from resources.settings.study_settings import StudySettings, load_study_settings
from resources.zone.partitions import quarter_end

PARTITION_TAG = "dagster/partition"


class StudyResource(dg.ConfigurableResource):  # pyright: ignore[reportMissingTypeArgument]
    """Gives assets the settings of `study.toml`, with the dates of the quarter that is run filled in."""

    def settings(self, quarter: str) -> StudySettings:
        """Settings for a quarter such as "2023Q1". Raises StudySettingsError that names a wrong key."""
        return load_study_settings().for_quarter(quarter_end(quarter))


def secrets_resource(secrets: ZoneSecrets) -> dg.ResourceDefinition:
    """The secrets of a zone as a resource without any configuration, made when the run of a quarter begins."""

    def begin(context: dg.InitResourceContext) -> ZoneSecrets:
        if context.run and (quarter := context.run.tags.get(PARTITION_TAG)):
            secrets.make(quarter)
        return secrets

    described = f"Random secrets that the zone made for itself: {', '.join(secrets.files)}."
    return dg.ResourceDefinition(begin, config_schema={}, description=described)
