"""Secrets that a zone keeps are made once, are private, and are said to be damaged rather than replaced."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from resources.secrets.kept_secret import SecretNotReadable, keep_secret, kept_secret, read_secret


def test_a_secret_is_made_once_and_only_its_user_can_read_it(tmp_path: Path):
    path = tmp_path / "secrets" / "release.key"
    first = kept_secret(path)
    assert len(first) == 32 and kept_secret(path) == first
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert kept_secret(tmp_path / "other" / "release.key") != first
    assert [file.name for file in path.parent.iterdir()] == ["release.key"]


def test_a_secret_that_is_there_is_never_written_over(tmp_path: Path):
    path = tmp_path / "a.key"
    keep_secret(path, bytes(32))
    keep_secret(path, bytes(range(32)))
    assert kept_secret(path) == bytes(32)


def test_many_who_make_a_secret_at_once_get_the_same(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: read_secret(_made(tmp_path / "a.key")), range(32)))) == 1


def _made(path: Path) -> Path:
    if not path.exists():
        kept_secret(path)
    return path


@pytest.mark.parametrize("damage", [b"", b"00", b"\xff" * 64, b"z" * 64])
def test_a_damaged_secret_is_refused_and_not_made_anew(tmp_path: Path, damage: bytes):
    path = tmp_path / "a.key"
    kept_secret(path)
    path.write_bytes(damage)
    with pytest.raises(SecretNotReadable, match=r"a.key is damaged"):
        kept_secret(path)
    assert path.read_bytes() == damage


def test_a_secret_that_others_can_read_or_that_is_missing_is_refused(tmp_path: Path):
    path = tmp_path / "a.key"
    kept_secret(path)
    path.chmod(0o640)
    with pytest.raises(SecretNotReadable, match="other users"):
        read_secret(path)
    with pytest.raises(SecretNotReadable, match="not here"):
        read_secret(tmp_path / "b.key")


def test_a_secret_that_was_deleted_never_comes_back(tmp_path: Path):
    path = tmp_path / "a.key"
    first = kept_secret(path)
    path.unlink()
    assert kept_secret(path) != first
