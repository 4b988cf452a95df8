"""Where readings of notes are kept. Does not belong here: how (nlp_assets/steps/labels/label_store.py)."""

from pathlib import Path


def labels_file(root: Path) -> Path:
    """File of the label store under the folder of everything a run makes."""
    return root / "nlp" / "labels.sqlite"
