"""The key store: a destroyed key is gone from every byte, on SQLite and PostgreSQL alike."""

import os
import threading

import pytest
from cryptography.exceptions import InvalidTag

from personalization.govern import keystore
from personalization.govern.keystore import LockedStore
from personalization.govern.keystore_rows import rows
from tests.services import postgres_url


@pytest.fixture(params=["sqlite", "postgres"])
def store(request, tmp_path, settings):
    """A key store of its own; its files where it has any."""
    url = f"sqlite:///{tmp_path / 'keys.sqlite3'}"
    if request.param == "postgres":
        url = postgres_url()
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "KEYS_URL": url}
    keystore.destroy(*keystore.all_ids(2**62))
    return tmp_path


@pytest.fixture
def files(tmp_path, settings):
    """The folder of a store that keeps its keys in a file."""
    url = f"sqlite:///{tmp_path / 'keys.sqlite3'}"
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "KEYS_URL": url}
    return tmp_path


def test_what_a_key_sealed_it_opens(store):
    key_id, cipher = keystore.create()

    sealed = cipher.seal("Zoë 👋".encode(), "id")

    assert keystore.open_key(key_id).open(sealed, "id").decode() == "Zoë 👋"


def test_what_was_sealed_for_one_use_opens_for_no_other(store):
    _, cipher = keystore.create()

    sealed = cipher.seal(b"Ada", "personal")

    with pytest.raises(InvalidTag):
        cipher.open(sealed, "id")


def test_a_destroyed_key_is_gone_for_good(store):
    (gone, _), (kept, _) = keystore.create_many(2)

    keystore.destroy(gone)
    keystore.destroy(gone)

    assert keystore.open_key(gone) is None
    assert keystore.open_key(kept) is not None


def test_a_destroyed_key_stands_in_no_byte_of_the_files(files):
    made = keystore.create_many(50)
    ((_, wrapped),) = rows().read([made[25][0]])
    assert wrapped in _bytes(files)

    keystore.destroy(made[25][0])

    assert wrapped not in _bytes(files)
    assert made[25][0].encode() not in _bytes(files)
    assert len(keystore.open_many(key_id for key_id, _ in made)) == 49


def test_the_store_holds_no_key_in_the_clear(files):
    _, cipher = keystore.create()

    assert cipher.key not in _bytes(files)


def test_after_a_rotation_old_keys_open_and_are_wrapped_anew(store, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "PSEUDONYM_KEY": "before"}
    key_id, cipher = keystore.create()

    settings.PERSONALIZATION = {
        **settings.PERSONALIZATION,
        "PSEUDONYM_KEY": "after",
        "PSEUDONYM_KEY_OLD": "before",
    }
    assert keystore.open_key(key_id) == cipher

    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "PSEUDONYM_KEY_OLD": ""}
    assert keystore.open_key(key_id) == cipher


def test_under_a_foreign_master_the_store_says_so(store, settings):
    key_id, _ = keystore.create()

    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "PSEUDONYM_KEY": "foreign"}

    with pytest.raises(LockedStore):
        keystore.open_key(key_id)


def test_threads_make_keys_at_once_and_lose_none(store):
    made: list[str] = []

    def make():
        made.extend(keystore.create()[0] for _ in range(10))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keystore.open_many(made)) == 40


def test_the_file_is_its_owners_alone(files):
    keystore.create()

    assert os.stat(files / "keys.sqlite3").st_mode & 0o077 == 0  # noqa: PTH116 - bits


def _bytes(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
