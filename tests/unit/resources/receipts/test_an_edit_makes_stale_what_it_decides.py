"""An edit of a file makes again the tables whose code it is, and no others."""

from importlib import import_module

import pytest

from resources.process.data_root import REPOSITORY
from resources.receipts import code_fingerprint
from resources.receipts.code_fingerprint import code_of
from resources.receipts.code_read import code_read

ZONES = ("linkage_assets", "nlp_assets", "modelling_assets", "publication_assets")
MODULES = sorted({module.__name__ for zone in ZONES for module in import_module(f"{zone}.definitions").MODULES})


def short(module: str) -> str:
    """A module of assets as its location and its own name."""
    return f"{module.split('.', maxsplit=1)[0]}.{module.rsplit('.', maxsplit=1)[-1]}"


def made_again(file: str) -> set[str]:
    """Modules of assets, without the folder of assets, whose tables an edit of the file makes again."""
    assert (REPOSITORY / file).is_file()
    return {short(name) for name in MODULES if REPOSITORY / file in code_read(name).files}


def of_zone(zone: str) -> set[str]:
    return {short(name) for name in MODULES if name.startswith(zone)}


LABELS = {"nlp_assets.note_labels", "nlp_assets.excluded_labels", "nlp_assets.injections"}
EXTRACTS_AND_PEOPLE = {
    "linkage_assets.extracts",
    "linkage_assets.standardised_people",
    "linkage_assets.offender_clusters",
    "linkage_assets.client_clusters",
}
ESTIMATES = {
    f"modelling_assets.{name}"
    for name in (
        "analysis_frame",
        "model_records",
        "imputed_frames",
        "imputation_diagnostics",
        "model_fits",
        "pooled_odds_ratios",
        "engagement_estimates",
        "sensitivity_estimates",
    )
}


def test_a_word_in_the_start_of_the_label_server_links_and_models_nothing_anew():
    stale = made_again("nlp_assets/serving/vllm/vllm_process.py")
    assert stale >= LABELS
    assert not stale & (of_zone("linkage_assets") | ESTIMATES | of_zone("publication_assets"))


def test_a_comma_in_a_note_below_a_table_imputes_and_fits_nothing_anew():
    stale = made_again("publication_assets/catalogue/notes.py")
    assert "publication_assets.publication" in stale
    assert not stale & (ESTIMATES | of_zone("linkage_assets") | of_zone("nlp_assets"))


def test_another_scoring_of_pairs_reads_no_extract_and_prepares_no_person_anew():
    stale = made_again("linkage_assets/steps/links/score_pairs.py")
    assert "linkage_assets.scored_pairs" in stale
    assert not stale & (EXTRACTS_AND_PEOPLE | of_zone("nlp_assets") | ESTIMATES | of_zone("publication_assets"))


def test_another_look_of_the_pdf_makes_documents_and_no_cell_anew():
    stale = made_again("publication_assets/templates/document.typ")
    assert "publication_assets.publication" in stale
    assert not stale & (ESTIMATES | {"publication_assets.published_tables"} | of_zone("linkage_assets"))


# What tells of all others is made again when the code of any of them is another.
OF_ALL_CODE = ("lineage_page", "transparency_records", "release_manifest")
TEMPLATES = sorted((REPOSITORY / "publication_assets" / "templates").glob("*/*.md"))
DOCUMENTS = {
    "report": "publication",
    "methodology": "publication",
    "linkage_quality_page": "linkage_quality_report",
    "note_reading": "note_reading_report",
    "against_published": "comparison_page",
    "lineage": "lineage_page",
    "transparency_linkage": "transparency_records",
    "transparency_notes": "transparency_records",
    "impact_assessment": "transparency_records",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_other_words_in_a_template_make_its_document_and_no_cell_anew(template):
    stale = made_again(str(template.relative_to(REPOSITORY)))
    assert f"publication_assets.{DOCUMENTS[template.parent.name]}" in stale
    assert stale <= {f"publication_assets.{document}" for document in (*DOCUMENTS.values(), *OF_ALL_CODE)}


def test_another_keyword_filters_notes_and_links_nothing_anew():
    stale = made_again("reference/code_lists/treatment_keywords.csv")
    assert "nlp_assets.filtered_notes" in stale
    assert not stale & {"linkage_assets.scored_pairs", "linkage_assets.person_key", *EXTRACTS_AND_PEOPLE}


def test_how_an_extract_is_read_decides_every_extract():
    again = made_again("resources/extracts/values/extract_values.py")
    assert {"linkage_assets.extracts", "nlp_assets.extracts"} <= again


@pytest.mark.parametrize("module", MODULES)
def test_every_asset_is_decided_by_its_own_module(module):
    assert REPOSITORY.joinpath(*module.split(".")).with_suffix(".py") in code_read(module).files


def test_another_version_of_a_library_is_other_code_only_of_what_imports_it(monkeypatch):
    modules = ("modelling_assets.assets.imputed_frames", "publication_assets.assets.publication")
    before = [code_of(module) for module in modules]
    true = code_fingerprint.version
    monkeypatch.setattr(code_fingerprint, "version", lambda name: "another" if name == "typst" else true(name))
    code_of.cache_clear()
    after = [code_of(module) for module in modules]
    code_of.cache_clear()
    assert [then == now for then, now in zip(before, after, strict=True)] == [True, False]


def test_another_content_of_a_file_is_other_code_and_one_that_people_read_is_not(tmp_path):
    def code(**files: str) -> str:
        for name, text in files.items():
            (tmp_path / "contracts").mkdir(exist_ok=True)
            (tmp_path / "contracts" / name).write_text(text, encoding="utf-8")
        code_of.cache_clear()
        return code_of("contracts.units", root=tmp_path)

    first = code(**{"units.py": 'FILE = "units.csv"', "units.csv": "m,km", "units.md": "About units"})
    assert code(**{"units.md": "More about units"}) == first
    assert code(**{"units.csv": "m,km,mile"}) != first
