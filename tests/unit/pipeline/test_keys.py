import os
import threading
from pathlib import Path

import pytest

from kcc_research.errors import PrivacyError
from kcc_research.pipeline import kernel, keys

KEY = "xx-teststad/2024-meting"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KCC_KEYS", str(tmp_path / "sleutels"))
    return tmp_path / "sleutels"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "project"


def codes(error):
    return [each.code for each in error.value.problems]


def test_a_key_is_made_once_for_its_owner_only(folder, root):
    first = keys.obtain(KEY, root)
    assert len(first) == 32
    assert keys.obtain("xx-teststad/2023-meting", root) == first
    assert keys.obtain("xx-anderstad/2023-meting", root) != first
    assert [each.name for each in sorted(folder.iterdir())] == [
        "xx-anderstad.key",
        "xx-teststad.key",
    ]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_key_is_private_from_the_moment_it_exists(folder, root):
    before = os.umask(0)
    try:
        keys.obtain(KEY, root)
    finally:
        os.umask(before)
    path = keys.key_file(KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    path.chmod(0o640)
    for use in (lambda: keys.obtain(KEY, root), lambda: keys.identity(KEY)):
        with pytest.raises(PrivacyError) as error:
            use()
        assert codes(error) == ["KCC-P002b"]


def test_two_that_make_it_at_once_get_the_same(folder, root):
    found = []
    gate = threading.Barrier(8)

    def make():
        gate.wait()
        found.append(keys.obtain(KEY, root))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 8 and len(set(found)) == 1
    assert [each.name for each in folder.iterdir()] == ["xx-teststad.key"]


def test_a_key_within_the_project_is_refused(root, monkeypatch):
    monkeypatch.setenv("KCC_KEYS", str(root / "data" / "sleutels"))
    with pytest.raises(PrivacyError) as error:
        keys.obtain(KEY, root)
    assert codes(error) == ["KCC-P002a"]
    assert not root.exists()


def test_a_damaged_key_is_refused_and_left_alone(folder, root):
    keys.obtain(KEY, root)
    path = keys.key_file(KEY)
    path.write_bytes(b"kort")
    with pytest.raises(PrivacyError) as error:
        keys.obtain(KEY, root)
    assert codes(error) == ["KCC-P002"]
    assert path.read_bytes() == b"kort"


def test_a_folder_that_cannot_be_written_is_told(tmp_path, root, monkeypatch):
    (tmp_path / "bestand").write_text("")
    monkeypatch.setenv("KCC_KEYS", str(tmp_path / "bestand" / "sleutels"))
    with pytest.raises(PrivacyError) as error:
        keys.obtain(KEY, root)
    assert codes(error) == ["KCC-P002d"]


def test_the_identity_of_a_key_tells_another_key(folder, root):
    assert keys.identity(KEY) == "none"
    secret = keys.obtain(KEY, root)
    first = keys.identity(KEY)
    assert keys.identity(KEY) == first
    assert first not in secret.hex()
    keys.delete(keys.key_file(KEY))
    keys.obtain(KEY, root)
    assert keys.identity(KEY) != first


def test_without_a_variable_it_stands_with_the_users_own_settings(monkeypatch):
    monkeypatch.delenv("KCC_KEYS", raising=False)
    found = keys.keys_folder({"XDG_CONFIG_HOME": "/instellingen"})
    assert found.parts[-2:] == ("kcc_research", "keys")
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert found == Path("/instellingen/kcc_research/keys")
        home = Path.home().resolve()
        assert keys.keys_folder({}) == home / ".config" / "kcc_research" / "keys"


@pytest.mark.parametrize("stage", ["clean", "analyse", "report"])
def test_only_a_kernel_that_cleans_is_told_the_folder(folder, stage):
    from datetime import date

    with kernel.KernelRoom() as room, room.place() as place:
        found = kernel.environment(
            room,
            place,
            home=Path("/project"),
            staging=Path("/project/staging"),
            stage=stage,
            published=date(2024, 3, 29),
            given={"KCC_KEYS": str(folder)},
        )
    assert found.get("KCC_KEYS") == (str(folder) if stage == "clean" else None)
