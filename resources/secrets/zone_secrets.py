"""The secrets of the zones, and how steps ask for them. None comes from a setting or from the environment.

Belongs here: which there are, and making them before the first step of a run. Does not belong here: the form of the
file (kept_secret.py), and what is drawn or hashed with them.

A table is recorded as made from the file of its secret (Zone.files): after a secret was lost or replaced it is made
again, with all that follows from it. A file that is touched while a step runs counts as changed, so secrets are made
before. The receipt holds the hash of the file: 32 random bytes cannot be found from it, nor a guess of an id tested.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from resources.secrets.kept_secret import SecretNotReadable, kept_secret
from resources.secrets.keyed_hash import subkey
from resources.zone.partitions import QUARTER_NAMES, known_quarter


class ZoneSecrets:
    """Secrets of one zone under `root`, each 32 random bytes in a file of its own that only its user can read.

    `of_quarter`: names of those made for every quarter anew; `of_zone`: of those kept as long as the zone is.
    """

    def __init__(self, root: Path, zone: str, of_zone: Sequence[str] = (), of_quarter: Sequence[str] = ()):
        self._root = root
        self._files = {
            **{name: f"{zone}/secrets/{name}.key" for name in of_zone},
            **{name: f"{zone}/secrets/{name}_{{quarter}}.key" for name in of_quarter},
        }

    def file(self, name: str) -> str:
        """File of a secret below the root, as Zone.files wants it: with {quarter} where each quarter has its own."""
        return self._files[name]

    def of(self, name: str, quarter: str = "") -> bytes:
        """A secret, made on first use.

        Raises SecretNotReadable when its file is damaged or open to others; NotAQuarter.
        """
        return kept_secret(self._path(name, quarter))

    def make(self, quarter: str) -> None:
        """Make what a run of `quarter` may ask for. What cannot be made or read is said when a step asks for it, and
        what is no quarter too.
        """
        for name in self._files if quarter in QUARTER_NAMES else ():
            with suppress(SecretNotReadable, OSError):
                self.of(name, quarter)

    @property
    def files(self) -> list[str]:
        """Files of all secrets below the root."""
        return list(self._files.values())

    def _path(self, name: str, quarter: str) -> Path:
        file = self._files[name]
        return self._root / (file.format(quarter=known_quarter(quarter)) if "{quarter}" in file else file)


def linkage_secrets(root: Path) -> ZoneSecrets:
    """Secrets of the linkage zone.

    release: pseudonyms, keys and orders of one quarter's release. note_draw: who is drawn for the reading of notes, for
    many quarters. model_values: under which a linkage model keeps values of identifiers.
    """
    return ZoneSecrets(root, "linkage", of_zone=("note_draw", "model_values"), of_quarter=("release",))


def notes_secrets(root: Path) -> ZoneSecrets:
    """Secrets of the notes zone. note_hash: under which the text of a note is hashed, for all quarters."""
    return ZoneSecrets(root, "nlp", of_zone=("note_hash",))


def justice_secrets(root: Path) -> ZoneSecrets:
    """Secrets of the justice zone.

    person_ids: for random ids of people, for all quarters. model_values: under which a model keeps values.
    """
    return ZoneSecrets(root, "justice", of_zone=("person_ids", "model_values"))


def table_salt(root: Path, zone: str, table: str) -> str:
    """What stands in every file of a table beside its columns, so that its hash cannot be worked out from its content.

    Hashes of tables go into receipts, Dagster's records and the manifest, which are read outside the zone. Of a table
    of a few exact counts a plain hash would tell the counts to whoever tries them all, those that are withheld too.
    """
    return subkey(ZoneSecrets(root, zone, of_zone=("table_salt",)).of("table_salt"), table).hex()
