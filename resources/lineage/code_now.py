"""The code and the environment of this process, in words: what a figure was made with besides settings and data.

Belongs here: what can be seen of both. Does not belong here: the hash of the code of one table (receipts/).
"""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

from resources.process.data_root import REPOSITORY
from resources.receipts.receipts import file_hash

LIBRARIES = ("dagster", "splink", "duckdb", "polars", "miceforest", "statsmodels", "scipy", "gpboost")
COMMIT = "PATHWAYS_COMMIT"  # an image holds no repository: whoever builds it may say of which commit it is
LOCK = REPOSITORY / "uv.lock"


def code_now() -> dict[str, str]:
    """The commit of this code, the SHA-256 of the lock of its libraries, Python, and libraries that compute figures."""
    return {
        "commit": os.environ.get(COMMIT) or _commit(),
        "uv.lock": file_hash(LOCK) if LOCK.is_file() else "not here",
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # a container has what its zone needs
        return "not here"


def _commit() -> str:
    try:
        done = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return "not stated"
    return done + (" with changes that are not committed" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()
