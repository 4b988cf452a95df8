"""Files of a run are private to its user; crossing tables, decisions and the publication go to a named group."""

import os
import stat
from pathlib import Path

import pytest

from resources.secrets.private_files import (
    CROSSINGS_GROUP,
    PUBLICATION_GROUP,
    GroupNotUsable,
    NotPrivate,
    close_root,
    make_folder,
    only_one,
    put_in_place,
    require_own_folder,
)
from resources.zone.gates import DecisionsFolder, DecisionsNotReadable

QUARTER = "2023Q1"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def written(root: Path, name: str) -> Path:
    path = root / name
    make_folder(root, path.parent)
    partial = path.with_suffix(".partial")
    partial.write_text("content", encoding="utf-8")
    put_in_place(root, partial, path)
    return path


@pytest.mark.parametrize("name", ["linkage/a.parquet", "crossings/a/b.parquet", "publication/a.html"])
def test_without_a_named_group_all_is_private(tmp_path, monkeypatch, name):
    monkeypatch.delenv(CROSSINGS_GROUP, raising=False)
    path = written(tmp_path, name)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


@pytest.mark.parametrize(
    ("name", "file", "folder"),
    [
        ("crossings/table/2023Q1/table.parquet", 0o640, 0o2750),
        ("decisions/2023Q1.toml", 0o640, 0o2750),
        ("publication/2023Q1/report.html", 0o600, 0o700),
        ("nlp/2023Q1/contact_note.parquet", 0o600, 0o700),
    ],
)
def test_a_named_group_reads_what_is_for_it_and_nothing_else(tmp_path, monkeypatch, name, file, folder):
    monkeypatch.setenv(CROSSINGS_GROUP, str(os.getegid()))
    path = written(tmp_path, name)
    above = [each for each in path.parents if each.is_relative_to(tmp_path) and each != tmp_path]
    assert mode(path) == file and {mode(each) for each in above} == {folder}
    assert path.stat().st_gid == os.getegid()


def test_a_lock_beside_what_a_group_reads_stays_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setenv(CROSSINGS_GROUP, str(os.getegid()))
    path = written(tmp_path, f"decisions/{QUARTER}.toml")
    with only_one(path.with_suffix(".lock")):
        pass
    close_root(tmp_path)
    assert (mode(path), mode(path.with_suffix(".lock"))) == (0o640, 0o600)
    with only_one(path.with_suffix(".lock"), wait=False):
        pass


def test_the_publication_may_have_readers_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv(PUBLICATION_GROUP, str(os.getegid()))
    assert mode(written(tmp_path, "publication/2023Q1/report.html")) == 0o640
    assert mode(written(tmp_path, "crossings/table/2023Q1/table.parquet")) == 0o600


def test_a_group_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(CROSSINGS_GROUP, "no_such_group")
    with pytest.raises(GroupNotUsable, match=f"{CROSSINGS_GROUP} names the group no_such_group"):
        written(tmp_path, "crossings/a/b.parquet")


def test_what_an_earlier_version_left_open_is_closed_and_counted(tmp_path):
    root = tmp_path / "var"
    open_files = [root / "linkage" / QUARTER / "offender.parquet", root / "dagster" / "refresh.lock"]
    for path in open_files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
        path.chmod(0o664)
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    outside.chmod(0o755)
    (root / "link").symlink_to(outside)
    for folder in (root, root / "linkage"):
        folder.chmod(0o755)
    assert close_root(root) == 4
    assert close_root(root) == 0
    assert {mode(path) & 0o077 for path in [root, *open_files, root / "linkage"]} == {0}
    assert mode(outside) == 0o755


def test_a_named_group_comes_through_the_data_root_and_lists_nothing(tmp_path):
    root, named = tmp_path / "var", {CROSSINGS_GROUP: str(os.getegid())}
    crossing = root / "crossings" / "table" / "table.parquet"
    crossing.parent.mkdir(parents=True)
    crossing.write_text("", encoding="utf-8")
    (root / "linkage").mkdir()
    close_root(root, named)
    assert (mode(root), mode(root / "linkage"), mode(crossing.parent), mode(crossing)) == (0o711, 0o700, 0o2750, 0o640)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_data_root_of_another_user_is_refused_to_all_but_root(tmp_path, monkeypatch):
    os.chown(tmp_path, 4_000_000, -1)
    close_root(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_001)
    with pytest.raises(NotPrivate, match="belongs to another user"):
        close_root(tmp_path)


def test_a_lock_that_is_a_link_or_open_to_others_is_refused(tmp_path):
    target, link, lock = tmp_path / "target", tmp_path / "link.lock", tmp_path / "open.lock"
    target.write_text("kept", encoding="utf-8")
    link.symlink_to(target)
    with pytest.raises(NotPrivate, match="link"), only_one(link):
        pass
    lock.touch(0o600)
    lock.chmod(0o644)
    with pytest.raises(NotPrivate, match="held by other users"), only_one(lock):
        pass
    assert target.read_text(encoding="utf-8") == "kept"


def test_a_lock_is_held_by_one_and_given_back(tmp_path):
    with only_one(tmp_path / "a.lock"), pytest.raises(BlockingIOError), only_one(tmp_path / "a.lock", wait=False):
        pass
    with only_one(tmp_path / "a.lock", wait=False):
        assert mode(tmp_path / "a.lock") == 0o600


def test_a_folder_that_others_may_enter_is_not_ones_own(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    require_own_folder(folder)
    (tmp_path / "link").symlink_to(folder)
    for path in (folder, tmp_path / "link"):
        folder.chmod(0o711 if path == folder else 0o700)
        with pytest.raises(NotPrivate):
            require_own_folder(path)


def forged(root: Path) -> Path:
    (root / "decisions").mkdir(mode=0o700)
    path = root / "decisions" / f"{QUARTER}.toml"
    path.write_text(
        f'[[accepted]]\nquarter = "{QUARTER}"\ncheck = "c"\nmeasure = "m"\nvalue = 1.0\nby = "A. Person"\n'
        'on = 2026-11-28\nreason = "Because."\n',
        encoding="utf-8",
    )
    assert len(DecisionsFolder(root).of_quarter(QUARTER).accepted) == 1
    return path


@pytest.mark.parametrize(("which", "opened"), [("file", 0o620), ("file", 0o602), ("folder", 0o770), ("folder", 0o703)])
def test_decisions_that_others_can_change_are_refused(tmp_path, which, opened):
    path = forged(tmp_path)
    (path if which == "file" else path.parent).chmod(opened)
    with pytest.raises(DecisionsNotReadable, match="can be changed by other users"):
        DecisionsFolder(tmp_path).of_quarter(QUARTER)


def test_decisions_that_are_a_link_are_refused(tmp_path):
    path = forged(tmp_path)
    path.rename(tmp_path / "elsewhere.toml")
    path.symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(DecisionsNotReadable, match="is a link"):
        DecisionsFolder(tmp_path).of_quarter(QUARTER)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_decisions_of_another_user_than_the_folders_are_refused(tmp_path):
    os.chown(forged(tmp_path), 4_000_000, -1)
    with pytest.raises(DecisionsNotReadable, match="belongs to another user"):
        DecisionsFolder(tmp_path).of_quarter(QUARTER)
