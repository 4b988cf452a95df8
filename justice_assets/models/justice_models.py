"""Where models of the justice linkage are kept, and which may be used.

Belongs here: their files and the rules of approval. Does not belong here: training (steps/linking).
"""

import re
from pathlib import Path

import dagster as dg

from record_linkage.model.trained_model import TrainedModel
from resources.settings.justice_settings import MODEL_PATTERN, JusticeLinkage


class JusticeModelNotApproved(Exception):
    """The model may not be used; says which rule forbids it and what to do."""


class JusticeModels(dg.ConfigurableResource):
    """The folder `root`/justice/models with <name>.json."""

    root: str

    def file(self, name: str) -> Path:
        """File of a model, whether or not it is there. Raises JusticeModelNotApproved for what is no name."""
        if not re.fullmatch(MODEL_PATTERN, name):
            raise JusticeModelNotApproved("the name of a model is made of a-z, 0-9, - and _, such as spring_2023.")
        return Path(self.root) / "justice" / "models" / f"{name}.json"

    def save(self, name: str, model: TrainedModel) -> None:
        """Keep a model. One that is approved by name is never written over. Raises JusticeModelNotApproved."""
        file = self.file(name)
        if file.exists() and file.read_text(encoding="utf-8") != model.to_json():
            raise JusticeModelNotApproved(f"a different justice model is called {name!r} already: give another name.")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_suffix(".partial").write_text(model.to_json(), encoding="utf-8")
        file.with_suffix(".partial").replace(file)

    def approved(self, settings: JusticeLinkage, synthetic: bool, key: bytes) -> TrainedModel:
        """The model that study.toml names. Raises JusticeModelNotApproved."""
        name, file = settings.model_name, self.file(settings.model_name)
        if not file.is_file():
            raise JusticeModelNotApproved(
                f"study.toml names justice model {name!r}, and there is none. Train it (job train_justice_model), then "
                "put its name and digest under [justice.linkage]."
            )
        try:
            model = TrainedModel.from_json(file.read_text(encoding="utf-8"))
        except (ValueError, TypeError):
            raise JusticeModelNotApproved(f"the file of justice model {name!r} is damaged. Restore it.") from None
        if settings.model_sha256 not in ("", model.digest):
            raise JusticeModelNotApproved(
                f"justice model {name!r} is not the one approved: its digest is not justice.linkage.model_sha256."
            )
        if not synthetic and (not settings.model_sha256 or model.is_synthetic):
            raise JusticeModelNotApproved(
                f"justice model {name!r} is for synthetic extracts, or named without its digest, and these extracts "
                "are real. Train one on real extracts (job train_justice_model) and approve it by name and digest."
            )
        if not model.made_with(key):
            raise JusticeModelNotApproved(
                f"justice model {name!r} was trained with another key than the zone has in its secrets. Put "
                "model_values.key back, or train it again."
            )
        return model
