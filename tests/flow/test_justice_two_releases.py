"""Two releases of the justice records through Dagster, the second with some new records: what stayed is taken over."""

import shutil
from collections import Counter

import dagster as dg
import polars as pl
import pytest

from contracts.deletion import KEPT_TABLES
from contracts.zones import JUSTICE_FILES, JUSTICE_SOURCES_FOLDER
from justice_assets.definitions import defs
from justice_assets.steps.linking.score_parts import COMPARED
from pathways.deletion.delete import NotDeleted, delete_quarter
from pathways.deletion.lines import listed_lines
from pathways.lineage.diff import Run, diff_of_runs
from pathways.lineage.lineage import lineage_of_cell, lineage_of_extract
from pathways.lineage.verify import faults_of_quarter
from pathways.review.links.simulate import simulate
from pathways.review.shared.simulated_pairs import Played
from pathways.status.command import status_command
from pathways.studies import OF_JUSTICE
from resources.deletion.deleted_quarters import deleted
from resources.extracts.synthetic_mark import MARK, write_mark
from resources.settings.study_settings import load_study_settings
from resources.zone.zone_definitions import to_do
from synthetic_extracts.justice.write_justice_extracts import write_justice_extracts

LAST, NEXT, CUT = "2023Q1", "2023Q2", "2023Q3"
LEVELS = ("high", "medium", "low")
HOLDS = "justice_sources_resemble_training_and_last_release"
RECORD, RELEASE = ["source", "record_key"], "justice_release"
MAGISTRATES = "magistrates/magistrates_defendant_case.parquet"
NEW = 25  # each of how many magistrates' records is new


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Both releases, made in this process: of the last every table, of the next all that its ids are made of."""
    folder = tmp_path_factory.mktemp("two_releases")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATHWAYS_VAR", str(folder))
        write_justice_extracts(folder, LAST, 0.004, 1, lambda _: None, only_linked=False)
        without_new_records(folder / JUSTICE_SOURCES_FOLDER / "extracts")
        zone = defs()
        job = zone.resolve_job_def("justice_zone")
        assert job.execute_in_process(partition_key=LAST).success
        ids = dg.AssetSelection.assets("id_changes", "id_change_counts").upstream()
        wanted = sorted(ids.resolve(zone.resolve_asset_graph()))
        done = job.execute_in_process(partition_key=NEXT, asset_selection=wanted)
        assert done.success
        yield folder, zone, done


def without_new_records(extracts) -> None:
    """What was written is the next release; the last has it without some of the magistrates' records."""
    shutil.copytree(extracts / LAST, extracts / NEXT)
    for part in sorted((extracts / LAST / MAGISTRATES).glob("*.parquet")):
        rows = pl.read_parquet(part)
        rows.filter(pl.int_range(pl.len()) % NEW != 1).write_parquet(part)
    (extracts / LAST / MARK).unlink()
    write_mark(extracts / LAST, {"scale": 0.004, "seed": 1})


def table(folder, quarter: str, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "justice" / quarter / f"{name}.parquet")


def said(done, asset: str) -> dict:
    """Metadata of a table that a run made."""
    (event,) = done.asset_materializations_for_node(asset)
    return {name: value.value for name, value in event.metadata.items()}


def test_the_next_release_compares_new_and_changed_groups_alone(root):
    folder, _, done = root
    metadata = said(done, "scored_identities")
    assert metadata["only new and changed groups compared"] is True
    compared = table(folder, NEXT, "scored_identities").filter(kind=COMPARED).height
    assert 0 < metadata["pairs compared"] < compared / 2


def people(link: pl.DataFrame, level: str) -> pl.DataFrame:
    """Every person with all their records as one text."""
    records = pl.concat_str(RECORD, separator=" ").sort().str.join("; ")
    return link.group_by(person=f"person_{level}").agg(records=records)


def test_people_of_whom_no_record_is_new_keep_their_ids(root):
    folder, _, _ = root
    last, now = (table(folder, quarter, "person_link") for quarter in (LAST, NEXT))
    assert 0 < now.join(last, on=RECORD, how="anti").height < now.height / 10
    for level in LEVELS:
        same = people(last, level).join(people(now, level), on="records", suffix="_now")
        assert same.height > 0.5 * last[f"person_{level}"].n_unique()
        assert same["person"].equals(same["person_now"].rename("person"))


def test_id_changes_are_what_the_two_lookups_say(root):
    folder, _, _ = root
    last, now = (table(folder, quarter, "person_link") for quarter in (LAST, NEXT))
    changes, counts = table(folder, NEXT, "id_changes"), table(folder, NEXT, "id_change_counts")
    both = last.join(now, on=RECORD, suffix="_now")
    assert changes.height > 0
    for level in LEVELS:
        pairs = both.select(then=f"person_{level}", now=f"person_{level}_now").unique().rows()
        after, before = Counter(then for then, _ in pairs), Counter(now for _, now in pairs)
        merged = {(then, now) for then, now in pairs if before[now] > 1}
        split = {(then, now) for then, now in pairs if after[then] > 1} - merged
        of_level = changes.filter(threshold=level)
        for change, expected in (("merged", merged), ("split", split)):
            assert {*of_level.filter(change=change).select("last_id", "person_id").iter_rows()} == expected
        told = dict(counts.filter(threshold=level).select("change", "people").iter_rows())
        assert told["kept"] == len({then for then, _ in set(pairs) - merged - split})
        assert told["new"] == now[f"person_{level}"].n_unique() - len(before)


def test_the_next_release_is_held_while_a_file_of_it_lacks_38_per_cent_of_its_rows(root, capsys):
    folder, zone, _ = root
    extracts = folder / JUSTICE_SOURCES_FOLDER / "extracts"
    shutil.copytree(extracts / NEXT, extracts / CUT)
    for part in sorted((extracts / CUT / MAGISTRATES).glob("*.parquet")):
        rows = pl.read_parquet(part)
        rows.head(round(0.62 * rows.height)).write_parquet(part)
    (extracts / CUT / MARK).unlink()
    write_mark(extracts / CUT, {"scale": 0.004, "seed": 1})
    wanted = sorted(dg.AssetSelection.assets("person_link").upstream().resolve(zone.resolve_asset_graph()))
    done = zone.resolve_job_def("justice_zone").execute_in_process(
        partition_key=CUT, asset_selection=wanted, raise_on_error=False
    )
    (judged,) = [each for each in done.get_asset_check_evaluations() if each.check_name == HOLDS]
    refused = [name for name in judged.metadata if name.startswith("refused: ")]
    assert not judged.passed and refused == ["refused: rows of magistrates_defendant_case"]
    made = {path.stem for path in (folder / "justice" / CUT).glob("*.parquet")}
    assert "justice_source_drift" in made and not made & {"scored_identities", "person_clusters", "person_link"}
    status_command(folder, CUT, False, None, OF_JUSTICE)
    assert f"held by justice_source_drift: {HOLDS}" in " ".join(capsys.readouterr().out.split())


def test_the_profile_of_a_release_is_compared_with_training_and_the_release_before(root):
    folder, _, _ = root
    for name in ("justice_source", "justice_linkage"):
        drift = table(folder, NEXT, f"{name}_drift")
        assert drift["within"].all() and drift["compared_with"].unique().to_list() == [f"training and {LAST}"]
        both = drift.filter(pl.col("training").is_not_null(), pl.col("last_quarter").is_not_null())
        assert both.height > drift.height / 2
    assert drift.filter(measure="records per person")["last_quarter"].is_not_null().all()


def test_of_what_is_made_nothing_is_made_again_and_a_released_file_that_is_cut_or_lost_is(root):
    folder, zone, _ = root
    assert to_do(zone, LAST).is_nothing
    for listing in JUSTICE_FILES:
        file = folder / "justice" / LAST / table(folder, LAST, listing)["file"][0]
        content = file.read_bytes()
        file.write_bytes(content[:-1])
        assert listing in {key.path[-1] for key in to_do(zone, LAST).tables}
        file.unlink()
        assert listing in {key.path[-1] for key in to_do(zone, LAST).tables}
        file.write_bytes(content)
    assert to_do(zone, LAST).is_nothing


def test_a_review_of_the_links_is_told_on_the_page_and_a_changed_finding_is_found(root):
    folder, zone, _ = root
    page, job = folder / "justice" / LAST / "quality" / "linkage_quality.html", zone.resolve_job_def("justice_zone")
    assert "Nobody has reviewed the pairs" in page.read_text(encoding="utf-8")
    reviewed, findings = simulate(folder, LAST, load_study_settings().justice, Played(2, 0.0, 0.0))
    assert {row["band"] for row in findings["strata"]} >= {"below_low", "above_high", "one_group"}
    assert findings["thresholds"][0]["precision"] > 0.9
    assert {key.path[-1] for key in to_do(zone, LAST).tables} == {"justice_quality_report"}
    again = [dg.AssetKey("justice_quality_report")]
    assert job.execute_in_process(partition_key=LAST, asset_selection=again).success
    assert "A program played reviewers" in page.read_text(encoding="utf-8") and to_do(zone, LAST).is_nothing
    content = reviewed.findings.read_bytes()
    reviewed.findings.write_bytes(content[:-1])
    (fault,) = faults_of_quarter(folder, LAST, OF_JUSTICE)[1]
    assert "review_simulated/review_findings.json" in fault and "justice_quality_report" in fault
    reviewed.findings.write_bytes(content)


def test_an_extract_that_is_sent_anew_is_read_again(root):
    folder, zone, _ = root
    file = folder / JUSTICE_SOURCES_FOLDER / "extracts" / LAST / "crown" / "crown_defendant_case.parquet"
    part = min(file.glob("*.parquet"))
    content = part.read_bytes()
    pl.read_parquet(part).head(10).write_parquet(part)
    assert "crown_defendant_case" in {key.path[-1] for key in to_do(zone, LAST).tables}
    part.write_bytes(content)
    assert to_do(zone, LAST).is_nothing


def test_status_says_where_the_study_stands(root, capsys):
    folder, _, _ = root
    status_command(folder, None, False, None, OF_JUSTICE)
    said = capsys.readouterr().out
    assert f"{LAST}  released" in said and "14 of 14 are there" in said and "release          complete" in said
    assert f"{NEXT}  under way" in said


def test_verify_looks_at_tables_extracts_and_released_files_of_the_study(root):
    folder, _, _ = root
    looked_at, faults = faults_of_quarter(folder, LAST, OF_JUSTICE)
    assert looked_at > 60 and faults == []
    file = folder / "justice" / LAST / table(folder, LAST, "justice_release")["file"][0]
    part = min((folder / JUSTICE_SOURCES_FOLDER / "extracts" / LAST / "crown").rglob("part-*.parquet"))
    for damaged, words in ((file, "of the release of"), (part, "extract crown/crown_defendant_case")):
        content = damaged.read_bytes()
        damaged.write_bytes(content[:-1])
        found = faults_of_quarter(folder, LAST, OF_JUSTICE)[1]
        assert len(found) == 1 and words in found[0]
        damaged.write_bytes(content)


def test_a_cell_and_an_extract_of_the_study_are_walked(root):
    folder, _, _ = root
    cell = lineage_of_cell(folder, LAST, 1, "All", None, OF_JUSTICE)
    assert cell["cells"] and list(cell["extracts"]) == ["probation/probation_disposal", "probation/probation_person"]
    assert all(cell["suppliers"].values())
    forward = lineage_of_extract(folder, LAST, "crown/crown_defendant_case", OF_JUSTICE)
    assert forward["published"] == [*JUSTICE_FILES] and "person_link" in forward["tables"]["justice"]


def test_two_runs_of_the_study_are_compared_table_by_table_and_cell_by_cell(root):
    folder, _, _ = root
    found = diff_of_runs(Run(folder, LAST), Run(folder, LAST), OF_JUSTICE)
    assert (found["cells"], found["inputs"], found["tables"]) == ([], [], [])


def test_a_release_is_deleted_but_for_what_was_handed_on_and_the_study_of_the_same_quarter_is_not(root, capsys):
    folder, _, _ = root
    assert "justice" in "\n".join(listed_lines(folder, LAST, OF_JUSTICE))
    released = {name: (folder / "justice" / LAST / name).read_bytes() for name in table(folder, LAST, RELEASE)["file"]}
    certificate = delete_quarter(folder, LAST, "asha", OF_JUSTICE)
    assert certificate.study == "justice" and any(name.startswith("justice_sources/") for name in certificate.files)
    left = {path.stem for path in (folder / "justice" / LAST).glob("*.parquet")}
    assert left == {*KEPT_TABLES["justice"]}
    assert {name: (folder / "justice" / LAST / name).read_bytes() for name in released} == released
    assert not (folder / JUSTICE_SOURCES_FOLDER / "extracts" / LAST).exists()
    assert faults_of_quarter(folder, LAST, OF_JUSTICE)[1] == []
    status_command(folder, LAST, False, None, OF_JUSTICE)
    assert f"{LAST}  deleted" in capsys.readouterr().out
    assert deleted(folder, LAST, "justice") and not deleted(folder, LAST) and not deleted(folder, NEXT, "justice")
    with pytest.raises(NotDeleted, match="nothing of it left"):
        delete_quarter(folder, LAST, "asha", OF_JUSTICE)
