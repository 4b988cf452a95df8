"""The linkage model as an artefact: kept under a name, approved by its digest, shown on a page."""

import re
from dataclasses import replace

import polars as pl
import pytest

from drawing.text_room import placed_texts
from linkage_assets.models.linkage_model_file import LinkageModelMisnamed
from linkage_assets.models.linkage_models import LinkageModelExists, LinkageModels
from linkage_assets.steps.model.approve_linkage_model import (
    LinkageModelNotApproved,
    load_approved_model,
    require_approval,
)
from linkage_assets.steps.model.draw_linkage_model import PATTERNS, draw_linkage_model
from linkage_assets.steps.model.linkage_specification import comparisons
from record_linkage.model.draw_model import waterfall
from record_linkage.model.trained_model import TrainedModel, hashed_values, model_parameters
from resources.secrets.keyed_hash import key_digest
from resources.settings.study_settings import ApprovedModel

KEY = bytes(32)


@pytest.fixture
def model(settings):
    """A model with the study's levels and probabilities that fall from level to level."""
    described = [comparison.for_splink() for comparison in comparisons(settings.linkage)]
    for comparison in described:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for number, level in enumerate(levels):
            level |= {"m_probability": 0.5 / 2**number, "u_probability": 0.01 * 4**number / 4 ** len(levels) * 50}
    return TrainedModel(
        splink={"probability_two_random_records_match": 2**-20 / (1 + 2**-20), "comparisons": described},
        term_frequencies={"initials": dict.fromkeys(hashed_values("initials", pl.Series(["QX"]), KEY), 0.0001)},
        sessions=[
            {"rule": "one", "comparison": "sex", "level": "same sex", "m": 0.9},
            {"rule": "two", "comparison": "sex", "level": "same sex", "m": 0.45},
        ],
        usual_levels=["birth_date: day and month swapped (m)"],
        unlinkables=[{"match_weight": 3, "share": 0.1}],
        profile={"completeness of dob, nDelius": 0.95},
        trained_on={"quarter": "2023Q1", "synthetic": None, "ndelius_rows": 10, "ndtms_rows": 20},
        values_key=key_digest(KEY),
    )


def approved(model, name="spring"):
    return ApprovedModel(name=name, sha256=model.digest)


def test_the_approved_model_is_used(model, tmp_path):
    file = LinkageModels(root=str(tmp_path)).save("spring", model.to_json(), "<p>charts</p>")
    assert load_approved_model(file, approved(model), synthetic=False, key=KEY) == model


def test_a_model_that_was_changed_after_its_approval_is_refused(model):
    changed = replace(model, usual_levels=[])
    with pytest.raises(LinkageModelNotApproved, match="digest differs"):
        require_approval(changed, approved(model), synthetic=False, key=KEY)


def test_real_extracts_need_the_digest_of_the_model(model):
    with pytest.raises(LinkageModelNotApproved, match="without its digest"):
        require_approval(model, ApprovedModel(name="spring", sha256=""), synthetic=False, key=KEY)


def test_a_model_of_synthetic_extracts_is_refused_on_real_ones(model):
    made_up = replace(model, trained_on=model.trained_on | {"synthetic": {"scale": 0.1}})
    require_approval(made_up, ApprovedModel(name="spring", sha256=""), synthetic=True, key=KEY)
    with pytest.raises(LinkageModelNotApproved, match="trained on synthetic extracts"):
        require_approval(made_up, approved(made_up), synthetic=False, key=KEY)


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_model_whose_values_were_hashed_with_another_key_is_refused(model, synthetic):
    with pytest.raises(LinkageModelNotApproved, match=r"another key.*Put model_values.key back, or train it again"):
        require_approval(model, approved(model), synthetic, key=bytes([1] * 32))


def test_a_name_without_a_model_says_how_to_train_one(model, tmp_path):
    with pytest.raises(LinkageModelNotApproved, match="pathways train-linkage --name spring"):
        load_approved_model(tmp_path / "none.json", approved(model), synthetic=False, key=KEY)


@pytest.mark.parametrize("text", ["", "{}", '{"splink": 1}', "not json"])
def test_a_damaged_model_is_refused(model, tmp_path, text):
    file = tmp_path / "model.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LinkageModelNotApproved, match="damaged"):
        load_approved_model(file, approved(model), synthetic=False, key=KEY)


def test_an_existing_model_is_not_overwritten_unless_it_is_the_same(model, tmp_path):
    models = LinkageModels(root=str(tmp_path))
    models.save("spring", model.to_json(), "")
    models.save("spring", model.to_json(), "")
    with pytest.raises(LinkageModelExists, match="Train under another name"):
        models.save("spring", replace(model, usual_levels=[]).to_json(), "")
    assert models.file("spring").read_text(encoding="utf-8") == model.to_json()


def test_a_model_of_synthetic_extracts_gives_way_to_one_of_another_size_or_key_and_to_no_other(model, tmp_path):
    models = LinkageModels(root=str(tmp_path))

    def trained(scale, levels=(), key=KEY):
        marker = None if scale is None else {"scale": scale, "seed": 1}
        made = replace(
            model,
            trained_on=model.trained_on | {"synthetic": marker},
            usual_levels=list(levels),
            values_key=key_digest(key),
        )
        return models.save("spring", made.to_json(), "").read_text(encoding="utf-8") == made.to_json()

    assert trained(0.1) and trained(0.2) and trained(0.2, key=bytes([1] * 32)) and trained(0.2)
    models.file("spring").write_text("damaged", encoding="utf-8")
    assert trained(0.2)
    for scale, levels in ((0.2, ["of other levels"]), (None, [])):
        with pytest.raises(LinkageModelExists):
            trained(scale, levels)
    models.file("spring").write_text("damaged", encoding="utf-8")
    with pytest.raises(LinkageModelExists):
        trained(None)
    assert sorted(path.name for path in models.file("spring").parent.iterdir()) == ["charts.html", "model.json"]


@pytest.mark.parametrize(
    "name",
    ["../../crossings/note_request", "..", "/etc", "a/b", "a\\b", "", ".", "spring\n", "Spring", "a" * 65, "é", "a\0b"],
)
def test_the_name_of_a_model_is_no_path(model, tmp_path, name):
    models = LinkageModels(root=str(tmp_path))
    for refused in (lambda: models.file(name), lambda: models.save(name, model.to_json(), "")):
        with pytest.raises(LinkageModelMisnamed, match="is made of a-z") as said:
            refused()
        assert not name.strip(".") or len(name) < 3 or name not in str(said.value)
    assert not list(tmp_path.rglob("*"))
    with pytest.raises(ValueError, match=r"ApprovedModel\nname\n"):
        ApprovedModel(name=name, sha256="")


def test_training_under_what_is_no_name_is_refused_before_anything_is_read(run_pathways, tmp_path):
    done = run_pathways("train-linkage", "--name", "../../crossings/x", var=tmp_path / "var")
    assert (done.returncode, done.stdout) == (1, "") and "is made of a-z" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_text_of_the_charts_that_an_approver_reads_is_cut_and_no_name_of_the_code_is_in_them(model):
    drawn = re.findall(r"<svg.*?</svg>", draw_linkage_model(model, "spring"), re.DOTALL)
    assert len(drawn) == len(PATTERNS) + 3
    for svg in drawn:
        left, _, width, _ = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
        cut = [text.text for text in placed_texts(svg) if text.left < left - 1 or text.right > left + width + 1]
        assert cut == [] and "birth_date" not in svg


def test_a_waterfall_runs_from_the_prior_to_the_sum_of_its_weights(model):
    steps = waterfall(model, {"location": "same authority"})
    weights = model_parameters(model)
    first = weights.unique("comparison", keep="first", maintain_order=True)
    exact = sum(row["match_weight"] for row in first.to_dicts() if row["comparison"] != "location")
    moved = weights.filter(comparison="location", level="same authority")["match_weight"].item()
    assert steps[0]["upto"] == pytest.approx(-20, abs=1e-3)
    assert steps[-1]["upto"] == pytest.approx(-20 + exact + moved, abs=1e-3)


def test_every_pattern_of_the_page_names_levels_that_exist(model):
    known = set(model_parameters(model).select("comparison", "level").rows())
    assert {pair for changed in PATTERNS.values() for pair in changed.items()} <= known


def test_the_page_of_a_model_loads_nothing_and_shows_no_value_of_a_record(model):
    page = draw_linkage_model(model, "spring")
    assert model.digest in page and "same day and month, years apart" in page
    assert "<script" not in page and "src=" not in page and "@import" not in page
    assert "QX" not in page
    assert "SYNTHETIC" not in page


def test_the_page_of_a_model_of_synthetic_extracts_says_so(model):
    made_up = replace(model, trained_on=model.trained_on | {"synthetic": {"scale": 0.1}})
    assert "SYNTHETIC" in draw_linkage_model(made_up, "spring")
