"""The folder that holds what is published. Does not belong here: what is in the files."""

from hashlib import sha256
from pathlib import Path

import dagster as dg
import polars as pl

from resources.secrets.private_files import make_folder, put_in_place
from resources.zone.partitions import known_quarter


class PublicationFolder(dg.ConfigurableResource):
    """Writes the files of a publication to `<root>/publication/<quarter>/`."""

    root: str

    def write(self, quarter: str, files: dict[str, bytes]) -> pl.DataFrame:
        """Write each file by rename, so that a kill leaves the old or the new. Returns file, bytes, sha256, sorted by
        file. Raises NotAQuarter.

        A name may hold a folder, which then holds these files alone: what an earlier run left in it is removed, such as
        a table that is no longer published.
        """
        folder = Path(self.root) / "publication" / known_quarter(quarter)
        for name, content in files.items():
            path = folder / name
            make_folder(Path(self.root), path.parent)
            partial = path.with_name(f"{path.name}.partial")
            partial.write_bytes(content)
            put_in_place(Path(self.root), partial, path)
        written = {folder / name for name in files}
        for within in {path.parent for path in written} - {folder}:
            for old in set(within.iterdir()) - written:
                old.unlink()
        rows = [(name, len(content), sha256(content).hexdigest()) for name, content in sorted(files.items())]
        return pl.DataFrame(rows, schema={"file": pl.String, "bytes": pl.Int64, "sha256": pl.String}, orient="row")
