"""The folder that holds what is published. Does not belong here: what is in the files."""

import os
from hashlib import sha256
from pathlib import Path

import dagster as dg
import polars as pl


class PublicationFolder(dg.ConfigurableResource):
    """Writes the files of a publication to `<root>/publication/<quarter>/`."""

    root: str

    def write(self, quarter: str, files: dict[str, bytes]) -> pl.DataFrame:
        """Write each file by rename, so that a kill leaves the old or the new. Returns file, bytes, sha256, sorted by
        file."""
        folder = Path(self.root) / "publication" / quarter
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            partial = folder / f"{name}.partial"
            partial.write_bytes(content)
            os.replace(partial, folder / name)
        rows = [(name, len(content), sha256(content).hexdigest()) for name, content in sorted(files.items())]
        return pl.DataFrame(rows, schema={"file": pl.String, "bytes": pl.Int64, "sha256": pl.String}, orient="row")
