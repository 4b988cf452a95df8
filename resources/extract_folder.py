"""Where the extracts of a quarter lie. Belongs here: the folder. Does not belong here: reading a file."""

from pathlib import Path

import dagster as dg

from resources.partitions import quarter_end


class ExtractFolder(dg.ConfigurableResource):
    """The folder that suppliers' extracts are put in: `root`/extracts/<quarter>/<system>/<table>.csv or .parquet."""

    root: str

    def folder(self, quarter: str) -> Path:
        """Folder of one quarter. Raises ValueError when `quarter` is not a quarter such as "2023Q1"."""
        quarter_end(quarter)
        return Path(self.root) / "extracts" / quarter
