"""What a release says of its governance, and that real data are not published without it."""

from datetime import date

import dagster as dg
import pytest

from publication_assets import definitions
from publication_assets.schemas.publication import InformationGovernance
from publication_assets.steps.governance.governance_entries import (
    ITEMS,
    NOT_GIVEN,
    SYNTHETIC,
    governance_entries,
    missing_entries,
)
from publication_assets.steps.methodology.methodology_values import governance_values
from publishing.documents.document import Grid
from resources.settings.governance_settings import Approval, Governance
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import Decisions, judge
from resources.zone.schema_check import check_frame
from resources.zone.zone_gate import check_result

GIVEN = Approval(reference="DSA 12", by="Heads of both departments", on=date(2026, 1, 31))
COMPLETE = Governance(
    impact_assessment=GIVEN,
    data_sharing_agreement=GIVEN,
    caldicott_authorisation=GIVEN,
    lawful_bases=["Article 6(1)(e)", "Article 9(2)(j)"],
    consent_share=0.978,
    consent_source="NDTMS, 2025",
)
GATED = {
    "publication",
    "linkage_quality_report",
    "note_reading_report",
    "comparison_page",
    "transparency_records",
}


def refused(governance: Governance, synthetic: bool) -> dict[str, str]:
    measures = missing_entries(governance_entries(governance, synthetic))
    return {each.name: each.what_to_do for each in judge("check", measures, Decisions("2023Q1"), False).refused}


def test_synthetic_data_need_no_governance_and_the_paper_says_why_none_is_given():
    entries = governance_entries(Governance(), synthetic=True)
    assert entries["entry"].unique().to_list() == [SYNTHETIC] and refused(Governance(), synthetic=True) == {}


def test_real_data_without_governance_are_refused_item_by_item_with_the_settings_to_give():
    found = refused(Governance(), synthetic=False)
    assert set(found) == {f"entries missing of: {item}" for item in ITEMS if item != "Deletion of preceding files"}
    agreement = found["entries missing of: Data sharing agreement"]
    assert "governance.data_sharing_agreement.reference, governance.data_sharing_agreement.by" in agreement
    assert governance_entries(Governance(), synthetic=False)["entry"].unique().to_list() == [NOT_GIVEN]


def test_real_data_with_every_entry_but_the_deletion_are_published():
    assert refused(COMPLETE, synthetic=False) == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"impact_assessment": Approval(reference="DPIA 3", by="Data protection officers")},
        {"lawful_bases": []},
        {"consent_share": None},
        {"caldicott_authorisation": Approval(reference=" ", by="x", on=date(2026, 1, 1))},
    ],
)
def test_one_missing_entry_is_enough_to_refuse(changed):
    assert len(refused(COMPLETE.model_copy(update=changed), synthetic=False)) == 1


def test_entries_are_as_declared_and_written_in_words():
    entries = check_frame(governance_entries(COMPLETE, False), InformationGovernance, "information_governance")
    written = dict(entries.select("setting", "entry").iter_rows())
    assert written["governance.impact_assessment.on"] == "31 January 2026"
    assert written["governance.lawful_bases"] == "Article 6(1)(e); Article 9(2)(j)"
    assert written["governance.consent_share"] == "97.8%"
    assert written["governance.deletion.by"] == NOT_GIVEN


def test_the_paper_has_every_entry_and_the_contact_of_the_release(facts):
    said = governance_values(governance_entries(COMPLETE, False), COMPLETE, facts)
    grid = said["table_governance"]
    assert isinstance(grid, Grid) and ["Data sharing agreement", "Signed by", "Heads of both departments"] in grid.rows
    assert said["data_contact"] == facts.contact
    asked = COMPLETE.model_copy(update={"contact": "data@example.org"})
    assert governance_values(governance_entries(asked, False), asked, facts)["data_contact"] == "data@example.org"


def test_every_file_of_the_publication_waits_for_the_check_on_governance():
    made = definitions.defs()
    specs = {spec.key.path[-1]: spec for spec in made.resolve_all_asset_specs()}
    waiting = {
        name
        for name, spec in specs.items()
        if "information_governance" in {dep.asset_key.path[-1] for dep in spec.deps}
    }
    assert waiting == GATED
    checks = [
        spec
        for check in made.asset_checks or []
        if isinstance(check, dg.AssetChecksDefinition)
        for spec in check.check_specs
        if spec.name == "real_data_have_their_governance"
    ]
    assert [(spec.blocking, spec.asset_key.path[-1]) for spec in checks] == [(True, "information_governance")]


def test_what_is_refused_cannot_be_accepted():
    measures = missing_entries(governance_entries(Governance(), synthetic=False))
    result = check_result(judge("real_data_have_their_governance", measures, Decisions("2023Q1"), acceptable=False))
    assert not result.passed and result.metadata["gate"].value["acceptable"] is False  # type: ignore[union-attr]


def test_the_repository_gives_no_governance_as_its_data_are_synthetic():
    assert load_study_settings().governance == Governance()
