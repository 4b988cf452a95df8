"""Whether the model that study.toml names may be used for a quarter.

Belongs here: the rules of approval. Does not belong here: training, and drift (profile_linkage.py).
"""

from pathlib import Path

from record_linkage.model.trained_model import TrainedModel
from resources.settings.study_settings import ApprovedModel


class LinkageModelNotApproved(Exception):
    """The model may not be used; says which rule forbids it and what to do."""


def load_approved_model(file: Path, approved: ApprovedModel, synthetic: bool, key: bytes) -> TrainedModel:
    """The model in `file`. Raises LinkageModelNotApproved when there is none, or as require_approval."""
    if not file.is_file():
        raise LinkageModelNotApproved(
            f"study.toml names linkage model {approved.name!r}, and there is none of that name. Train it, look at its "
            f"charts and approve it: pathways train-linkage --name {approved.name}"
        )
    try:
        model = TrainedModel.from_json(file.read_text(encoding="utf-8"))
    except (ValueError, TypeError):
        raise LinkageModelNotApproved(
            f"the file of linkage model {approved.name!r} is damaged. Restore it, or train it again."
        ) from None
    require_approval(model, approved, synthetic, key)
    return model


def require_approval(model: TrainedModel, approved: ApprovedModel, synthetic: bool, key: bytes) -> None:
    """Raises LinkageModelNotApproved unless `model` is what `approved` names, and its values were hashed with `key`.

    Real extracts (`synthetic` false) need the digest in study.toml, and a model that was not trained on synthetic ones.
    """
    if approved.sha256 and approved.sha256 != model.digest:
        raise LinkageModelNotApproved(
            f"linkage model {approved.name!r} is not the one approved: its digest differs from linkage.model.sha256 in "
            "study.toml. Restore its file, or approve the new one by its digest."
        )
    if not model.made_with(key):
        raise LinkageModelNotApproved(
            f"linkage model {approved.name!r} was trained with another key than the linkage zone has in its secrets: "
            "it would know no value of these records. Put model_values.key back, or train it again."
        )
    if not synthetic and not approved.sha256:
        raise LinkageModelNotApproved(
            f"linkage model {approved.name!r} is named in study.toml without its digest, which real extracts need. "
            "Look at its charts, then put the lines that `pathways train-linkage` printed into study.toml."
        )
    if not synthetic and model.is_synthetic:
        raise LinkageModelNotApproved(
            f"linkage model {approved.name!r} was trained on synthetic extracts, and these are not. "
            "Train one on real extracts: pathways train-linkage."
        )
