"""Models of ATRs and DRRs together: their records, completed values, counts and what is withheld of them."""

import polars as pl
import pytest

from modelling_assets.steps.imputation.impute_frames import impute_frames
from modelling_assets.steps.models.fit_models import fit_models
from modelling_assets.steps.models.pool_estimates import pool_estimates
from modelling_assets.steps.records.select_model_records import count_model_records, records_of_model
from publication_assets.catalogue.tables import TABLES
from publication_assets.steps.tables.estimates.tables_models import odds_ratio_table
from publication_assets.steps.tables.tie_model_counts import tie_model_counts
from publishing.disclosure.show_cells import published_cells, show_cells
from resources.settings.imputation_settings import Imputation
from resources.settings.modelling_settings import Factor, Model, Modelling
from resources.settings.study_settings import SETTINGS_FILE, StudySettingsError, load_study_settings
from tests.seen_cells import SeenCells as ShownCells
from tests.unit.modelling_assets.random_requirements import requirements

STUDY = load_study_settings()
FACTORS = {
    "requirement_type": ["DRR", "ATR"],
    "sex": ["Male", "Female"],
    "rsr_band": ["Low", "Medium", "High"],
}
OF_BOTH = ["linked_atr", "linked_drr"]


def study(**changes) -> Modelling:
    own = [name for name in FACTORS if name != "requirement_type"]
    models = {
        "linked_atr": Model(requirement_type="ATR", outcome="linked_structured", factors=own),
        "linked_drr": Model(requirement_type="DRR", outcome="linked_structured", factors=own),
        "linked_all": Model(pools=OF_BOTH, outcome="linked_structured", factors=list(FACTORS)),
    }
    imputation = Imputation(method="regressions", imputations=2, iterations=1, traced_iterations=1)
    factors = {name: Factor(label=name, levels=levels) for name, levels in FACTORS.items()}
    return STUDY.modelling.model_copy(
        update={
            "seed": 7,
            "models": models,
            "factors": factors,
            "imputation": imputation,
            "rare_level_records": 0,
            **changes,
        }
    )


def both_types(n: int = 900) -> pl.DataFrame:
    """ATRs are linked more often than DRRs; every third has no risk band."""
    place = pl.int_range(pl.len())
    kind = pl.when(place % 3 < 1).then(pl.lit("ATR")).otherwise(pl.lit("DRR"))
    return requirements(n).with_columns(
        requirement_type=kind,
        linked_structured=pl.col("linked_structured") | ((kind == "ATR") & (place % 2 == 0)),
        rsr_band=pl.when(place % 7 > 1).then("rsr_band"),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('pools = ["linked_atr", "linked_drr"]', "", "linked_all needs requirement_type"),
        ('pools = ["linked_atr", "linked_drr"]', 'requirement_type = "ATR"\npools = ["linked_atr"]', "not both"),
        ('pools = ["linked_atr", "linked_drr"]', 'pools = ["linked_men"]', r"names .'linked_men'."),
        ('pools = ["linked_atr", "linked_drr"]', 'pools = ["linked_atr", "linked_atr"]', "Name one of each"),
        ('pools = ["linked_atr", "linked_drr"]', 'pools = ["linked_atr", "reconvicted_drr"]', "must have the outcome"),
    ],
)
def test_a_model_that_pools_what_does_not_fit_together_is_refused(tmp_path, old, new, message):
    text = SETTINGS_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "study.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudySettingsError, match=message):
        load_study_settings(path)


def test_a_pooled_model_has_the_records_of_the_models_that_it_pools_and_leaves_none_out_itself():
    settings, frame = study(), both_types()
    pooled = records_of_model(frame, settings.models["linked_all"], settings)
    parts = [records_of_model(frame, settings.models[name], settings) for name in OF_BOTH]
    assert pooled["requirement_key"].to_list() == sorted(key for part in parts for key in part["requirement_key"])
    assert pooled["requirement_type"].value_counts().sort("requirement_type").rows() == [("ATR", 300), ("DRR", 600)]
    assert count_model_records(frame, settings)["model"].unique(maintain_order=True).to_list() == OF_BOTH


def test_a_pooled_model_has_the_completed_values_of_the_models_that_it_pools():
    imputed = impute_frames(both_types(), study())
    pooled = imputed.filter(pl.col("model") == "linked_all")
    parts = imputed.filter(pl.col("model").is_in(OF_BOTH))
    values = ["imputation", "requirement_key", "outcome", "region", "sex", "rsr_band"]
    assert pooled.select(values).equals(parts.select(values).sort("imputation", "requirement_key"))
    assert pooled["requirement_type"].null_count() == 0 and parts["requirement_type"].null_count() == parts.height


@pytest.fixture(scope="module")
def pooled() -> pl.DataFrame:
    return pool_estimates(fit_models(impute_frames(both_types(), study()), study()), study())


def test_having_an_atr_is_a_result_beside_the_reference_drr(pooled):
    found = pooled.filter(pl.col("model") == "linked_all", pl.col("factor") == "requirement_type")
    assert found["level"].to_list() == ["DRR", "ATR"] and found["reference"].to_list() == [True, False]
    assert found["direction"][1] == "higher" and found["odds_ratio"][1] > 1.5
    assert found["engines_agree"].all()


def test_the_counts_of_a_pooled_model_are_the_sums_of_the_others_although_each_is_rounded(pooled):
    key = ["factor", "level"]
    parts = pooled.filter(pl.col("model").is_in(OF_BOTH)).group_by(key).agg(pl.col("records", "outcome_records").sum())
    both = pooled.filter(pl.col("model") == "linked_all", pl.col("factor") != "requirement_type")
    assert both.join(parts, on=[*key, "records", "outcome_records"], how="anti").is_empty()
    assert both.height == parts.height


def rows_of(model: str, levels: dict[str, tuple[int, int]], factor: str = "sex") -> list[dict]:
    return [
        {
            "model": model,
            "factor": factor,
            "level": level,
            "reference": place == 0,
            "records": sum(counts),
            "outcome_records": counts[0],
            "odds_ratio": 1.0 if place == 0 else 1.4,
            "ci_low": 1.1,
            "ci_high": 1.8,
            "p_value": 0.01,
            "significant": place > 0,
            "direction": "higher",
            "strength": "weak",
            "status": "ok",
        }
        for place, (level, counts) in enumerate(levels.items())
    ]


def test_a_count_withheld_for_drrs_is_not_left_over_between_both_types_and_atrs():
    small = {"Male": (300, 200), "Female": (3, 90)}
    atr = {"Male": (250, 260), "Female": (80, 70)}
    both = {level: (small[level][0] + atr[level][0], small[level][1] + atr[level][1]) for level in small}
    types = {"DRR": (303, 290), "ATR": (330, 330)}
    estimates = pl.DataFrame(
        [
            *rows_of("linked_drr", small),
            *rows_of("linked_atr", atr),
            *rows_of("linked_all", both),
            *rows_of("linked_all", types, "requirement_type"),
        ]
    )
    tables = [odds_ratio_table(estimates, name, study()) for name in ("linked_atr", "linked_drr", "linked_all")]
    tie_model_counts(tables, study())
    cells = ShownCells(published_cells(show_cells(tables, STUDY.publication)))
    outcome = "Records linked to structured treatment (count)"
    shown = {
        name: cells.text(TABLES[f"odds_ratios_{name}"].number, "Female", outcome) for name in (*OF_BOTH, "linked_all")
    }
    assert shown["linked_drr"] == "[c]"
    assert "[c]" in (shown["linked_atr"], shown["linked_all"])


def test_completed_records_of_both_types_are_drawn_apart():
    frame = both_types().with_columns(
        rsr_band=pl.when(pl.col("rsr_band").is_null())
        .then(None)
        .when(pl.col("requirement_type") == "ATR")
        .then(pl.lit("Low"))
        .otherwise("rsr_band")
    )
    imputed = impute_frames(frame, study()).filter(pl.col("model") == "linked_all")
    assert set(imputed.filter(pl.col("requirement_type") == "ATR")["rsr_band"]) == {"Low"}
