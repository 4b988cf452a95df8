"""The hash of a folder of weights: what a model is called where names can be given twice.

Belongs here: finding and hashing the files that decide what a model says. Does not belong here: which folder is used.
"""

import json
from hashlib import file_digest, sha256
from pathlib import Path

WEIGHT_SUFFIXES = {".safetensors", ".json"}


class NoWeights(Exception):
    """A folder holds no model; the message says which and what to do."""


def weights_sha256(folder: Path, memory: Path | None = None) -> str:
    """SHA-256 over names and contents of the tensors, the configuration and the tokenizer in `folder`.

    `memory`: file that remembers the hash while names, sizes and times of the files stay as they are, since fifteen
    gigabytes take a minute to read. Raises NoWeights when there is no `config.json` or no `.safetensors`.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix in WEIGHT_SUFFIXES)
    if not any(path.suffix == ".safetensors" for path in files) or not (folder / "config.json").is_file():
        raise NoWeights(
            f"{folder} is no model folder: it needs config.json, the tokenizer and .safetensors files. Download the "
            "model again, or restore the folder from the repository."
        )
    seen = json.dumps([str(folder.resolve()), *((path.name, *_size_and_time(path)) for path in files)])
    remembered = _remembered(memory)
    if seen not in remembered:
        remembered[seen] = _hash(files)
        if memory:
            memory.parent.mkdir(parents=True, exist_ok=True)
            memory.write_text(json.dumps(remembered, indent=1), encoding="utf-8")
    return remembered[seen]


def _hash(files: list[Path]) -> str:
    digest = sha256()
    for path in files:
        with path.open("rb") as file:
            digest.update(path.name.encode() + file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _size_and_time(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _remembered(memory: Path | None) -> dict[str, str]:
    try:
        content = json.loads(memory.read_text(encoding="utf-8")) if memory else {}
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
