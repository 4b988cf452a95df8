"""Duties: who may have which roles, what people sign off, and that zones of real extracts wait for it."""

from datetime import date

import pytest

from contracts.references import EXTRACTS_CHECK
from contracts.signed_off import digests
from pathways.accept import _write, how_to_go_on
from pathways.duties.give import give, to_sign
from pathways.duties.lines import sign_off_lines
from pathways.duties.people import appoint, key_of, make_key, private_key_file
from resources.duties.asked import Duties, SignOffMissing
from resources.duties.roles import Roles, RolesRefused, read_roles, roles_file
from resources.duties.sign_offs import NotSignedOff, read_sign_offs, sign_off, sign_offs_folder
from resources.settings.study_settings import load_study_settings
from resources.zone.gates import Acceptance, DecisionsFolder, decisions_file

QUARTER = "2023Q1"


@pytest.fixture
def root(tmp_path, edit):
    """A data folder in which jo is approver and asha linker, as kim appointed them; a model is approved."""
    edit("linkage", "model", {"name": "autumn", "sha256": "b" * 64})
    for name in ("kim", "jo", "asha"):
        make_key(tmp_path, name)
    appoint(tmp_path, "jo", ["approver"], "kim", None)
    edit("duties", "appointed_by", appoint(tmp_path, "asha", ["linker"], "kim", None))
    return tmp_path


def waiting(root) -> Duties:
    return Duties(root, {what: digests(root)[what] for what in ("threshold", "model")})


def refuse(root, name: str, roles: list[str], words: str) -> None:
    with pytest.raises(RolesRefused, match=words):
        appoint(root, name, roles, "kim", None)


def test_one_person_in_two_roles_that_exclude_each_other_is_refused(root):
    refuse(root, "asha", ["linker", "combiner"], "asha cannot be combiner and linker: whoever is both sees identifiers")
    refuse(root, "jo", ["approver", "analyst"], "would approve work of their own")
    refuse(root, "jo", ["king"], "king is no role")
    with pytest.raises(RolesRefused, match="cannot appoint themselves"):
        appoint(root, "kim", ["approver"], "kim", None)
    make_key(root, "lee")
    private_key_file(root, "lee").with_suffix(".pub").write_bytes(
        private_key_file(root, "asha").with_suffix(".pub").read_bytes()
    )
    refuse(root, "lee", ["analyst"], "lee has the key of asha")


def test_a_list_that_was_changed_or_signed_by_somebody_else_is_none(root, edit):
    named = load_study_settings().duties.appointed_by
    assert read_roles(root, named).who("approver") == ["jo"]
    content = roles_file(root).read_text(encoding="ascii")
    roles_file(root).write_text(content.replace("payload", "Payload", 1), encoding="ascii")
    with pytest.raises(RolesRefused, match="was not signed with the key"):
        read_roles(root, named)
    roles_file(root).write_text(content, encoding="ascii")
    with pytest.raises(RolesRefused, match="was not signed with the key"):
        read_roles(root, "0" * 64)
    make_key(root, "eve")
    with pytest.raises(RolesRefused, match="names another key than that of eve"):
        appoint(root, "eve", ["approver"], "eve", None)


def test_a_zone_of_real_extracts_waits_until_somebody_in_the_role_has_signed_off_and_of_synthetic_ones_does_not(root):
    assert "threshold" in waiting(root).waits_for(QUARTER) and "model" in waiting(root).waits_for(QUARTER)
    with pytest.raises(SignOffMissing, match='pathways sign-off give --quarter 2023Q1 --what threshold --by "NAME"'):
        waiting(root).require(QUARTER)
    assert Duties(root, digests(root), lambda quarter: True).waits_for(QUARTER) == ""
    with pytest.raises(NotSignedOff, match=r"asha is no approver, who must sign this off\. Of these there are: jo"):
        give(root, QUARTER, "threshold", "asha", "")
    for what in ("threshold", "model"):
        give(root, QUARTER, what, "jo", "the review of spring")
    waiting(root).require(QUARTER)
    waiting(root).require("2023Q2")  # the same threshold and model


def test_what_changes_is_asked_for_again_and_what_is_not_there_cannot_be_signed(root, edit):
    give(root, QUARTER, "model", "jo", "")
    assert "model" not in waiting(root).waits_for(QUARTER)
    with pytest.raises(NotSignedOff, match="signed off already, as it is now"):
        give(root, QUARTER, "model", "jo", "")
    edit("linkage", "model", {"name": "spring", "sha256": "a" * 64})
    assert "model" in waiting(root).waits_for(QUARTER)
    edit("linkage", "model", {"name": "synthetic", "sha256": ""})
    assert "model, which is not there yet. Train one and approve it" in waiting(root).waits_for(QUARTER)
    with pytest.raises(NotSignedOff, match="is not there yet"):
        give(root, QUARTER, "release", "jo", "")


def test_a_sign_off_that_was_changed_taken_away_or_written_with_another_key_is_found(root):
    for what in ("threshold", "model"):
        give(root, QUARTER, what, "jo", "")
    roles = read_roles(root, load_study_settings().duties.appointed_by)
    assert [(each.what, each.by, each.number) for each in read_sign_offs(root, roles)] == [
        ("threshold", "jo", 1),
        ("model", "jo", 2),
    ]
    first, _ = sorted(sign_offs_folder(root).glob("*.json"))
    kept = first.read_bytes()
    first.unlink()
    with pytest.raises(NotSignedOff, match="one was taken away or moved"):
        read_sign_offs(root, roles)
    assert "taken away" in waiting(root).waits_for(QUARTER)
    first.write_bytes(kept.replace(b"sig", b"sIg"))
    with pytest.raises(NotSignedOff, match="was changed"):
        read_sign_offs(root, roles)
    first.write_bytes(kept)
    with pytest.raises(NotSignedOff):
        read_sign_offs(root, Roles())
    private_key_file(root, "jo").unlink()
    make_key(root, "jo")
    with pytest.raises(NotSignedOff, match="not the one that jo was appointed with"):
        sign_off(root, roles, key_of(root, "jo"), "release", QUARTER, "a" * 64, "jo", "approver", "2026-01-31", "")


def test_a_decision_to_go_on_against_a_check_counts_once_it_is_signed_off(root):
    day = date(2026, 1, 31)
    decision = Acceptance(quarter=QUARTER, check="c", measure="m", value=1.5, by="asha", on=day, reason="r")
    path = root / decisions_file(QUARTER)
    _write(root, path, decision)
    assert DecisionsFolder(root).of_quarter(QUARTER).accepted == ()
    assert "once an approver has signed it off" in how_to_go_on(root, QUARTER, "c", "m")
    of_justice = how_to_go_on(root, QUARTER, EXTRACTS_CHECK, "probation_person.crn")
    assert "once an approver has signed it off" in of_justice and "--study justice" in of_justice
    assert [each.words for each in to_sign(root, QUARTER) if each.what == "acceptance"] == ["acceptance of m by asha"]
    give(root, QUARTER, "acceptance", "jo", "")
    assert DecisionsFolder(root).of_quarter(QUARTER).accepted == (decision,)


def test_what_is_asked_for_is_listed_with_who_signed_and_who_may(root):
    give(root, QUARTER, "model", "jo", "")
    said = "\n".join(sign_off_lines(root, QUARTER))
    assert "signed off by jo, approver" in said and "waits for an approver" in said
    assert "release: not there yet" in said and "asha: linker" in said
