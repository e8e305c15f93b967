"""The file of conversations: what goes in comes out, privately, whatever happens to the file."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ui.conversations import Cited, Conversations, Exchange, FoundPhoto, PhotoName, Spent
from ui.conversations.encoding import decoded, encoded
from ui.conversations.errors import (
    ConversationGone,
    ConversationsDamaged,
    ConversationsNewer,
    ConversationsUnwritable,
)

FULL = Exchange(
    question="which dog?",
    photos=(PhotoName("ab", "mine.png"),),
    picked=(Path("/photos/one.jpg"),),
    found=(FoundPhoto(Path("/photos/caf\udce9.png"), "caf\udce9.png", "strong", 0.75),),
    cited=(Cited(1, Path("/photos/two.jpg"), (0.1, 0.2, 0.5, 1.0)),),
    focus=Path("/photos/two.jpg"),
    reply="The brown one [1].",
    errors=("one.jpg: gone",),
    state="answered",
    model="fake",
    spent=Spent(0.2, 1.5, 300, 20),
    asked_at="2026-11-21T10:00:00+00:00",
)


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "data" / "conversations.db")


def told(store: Conversations, *questions: str, reply: str = "yes") -> str:
    begun = store.begin()
    for question in questions:
        store.add(begun.id, Exchange(question, reply=reply, state="answered"))
    return begun.id


def titles(store: Conversations, words: str = "") -> list[str]:
    return [conversation.title for conversation in store.newest(words)]


def test_an_exchange_comes_back_as_it_was_stored(store: Conversations) -> None:
    begun = store.begin()
    stored = store.add(begun.id, FULL, {"ab": b"jpeg"})
    assert store.exchanges(begun.id) == (stored,)
    assert stored.id and encoded(stored) == encoded(FULL)
    assert (stored.question, stored.reply, stored.state) == ("which dog?", FULL.reply, "answered")
    assert store.photo(begun.id, "ab") == b"jpeg"
    assert store.photo(begun.id, "cd") is None


def test_what_is_no_exchange_is_refused() -> None:
    for text in ("", "[]", "{}", encoded(FULL).replace("number", "nummer")):
        with pytest.raises(ValueError):
            decoded(text)


def test_the_last_changed_comes_first_and_is_called_by_its_first_question(
    store: Conversations,
) -> None:
    first = told(store, "find dogs\nplease", "more?")
    told(store, "find cats")
    assert titles(store) == ["find cats", "find dogs"]
    store.add(first, Exchange("and now?"))
    assert titles(store) == ["find dogs", "find cats"]
    assert len(store.newest(limit=1)) == 1


def test_a_title_that_was_given_stays_and_an_empty_one_brings_the_question_back(
    store: Conversations,
) -> None:
    name = told(store, "find dogs")
    store.rename(name, "  My \n dogs ")
    store.add(name, Exchange("more?"))
    assert titles(store) == titles(store, "my dogs") == ["My dogs"]
    store.rename(name, "")
    assert titles(store) == ["find dogs"]


def test_words_are_found_in_questions_replies_and_titles_by_their_beginning(
    store: Conversations,
) -> None:
    told(store, "find dogs", "on a beach?", reply="Two caf\u00e9s, \u6771\u4eac")
    told(store, "find cats")
    assert (
        titles(store, "DOG bea")
        == titles(store, "cafes")
        == titles(store, "\u6771")
        == ["find dogs"]
    )
    assert titles(store, "find") == ["find cats", "find dogs"]
    assert titles(store, "dog cat") == titles(store, "ogs") == []
    assert len(titles(store, '"*(')) == 2  # no words at all: everything


def test_an_answer_is_found_once_it_is_complete(store: Conversations) -> None:
    begun = store.begin()
    asked = store.add(begun.id, Exchange("what?"))
    assert store.update(Exchange("what?", reply="a walrus", state="answered", id=asked.id))
    assert titles(store, "walrus") == ["what?"]


def test_an_exchange_that_is_asked_anew_takes_the_place_of_the_last(store: Conversations) -> None:
    begun = store.begin()
    store.add(begun.id, Exchange("one"))
    last = store.add(begun.id, Exchange("walrus", reply="old"))
    store.add(begun.id, Exchange("two", id=last.id))
    assert [exchange.question for exchange in store.exchanges(begun.id)] == ["one", "two"]
    assert not store.update(last)  # the old answer comes too late
    assert titles(store, "walrus") == []


def test_what_is_deleted_is_gone_from_the_file_too(store: Conversations) -> None:
    name = told(store, "a secret walrus")
    store.add(name, Exchange("and this", (PhotoName("ab", "x"),)), {"ab": b"secretjpeg" * 500})
    other = told(store, "find cats")
    store.delete(name)
    store.delete(name)
    assert titles(store) == ["find cats"] and store.find(name) is None
    assert store.exchanges(name) == () and store.photo(name, "ab") is None
    left = b"".join(path.read_bytes() for path in store.file.parent.iterdir())
    assert b"walrus" not in left and b"secretjpeg" not in left
    with pytest.raises(ConversationGone):
        store.add(name, Exchange("more"))
    assert store.find(other) is not None


def test_photos_go_after_hours_and_with_their_server_unless_they_are_kept(
    store: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, other = store.begin(keep_photos=True), store.begin()
    for begun in (kept, other):
        store.add(begun.id, Exchange("what?"), {"ab": b"jpeg"})
    assert store.forget_photos() == 0
    assert store.forget_photos(before=datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert store.photo(kept.id, "ab") and not store.photo(other.id, "ab")
    store.keep_photos(kept.id, keep=False)
    assert store.forget_photos(new_server=True) == 1


def test_photos_of_another_server_that_runs_are_left_alone(
    store: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = store.begin()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", os.getppid)
        store.add(begun.id, Exchange("what?"), {"ab": b"jpeg"})
    assert store.forget_photos(new_server=True) == 0


def test_nobody_sees_the_conversations_of_another_owner(store: Conversations) -> None:
    name = told(store, "find dogs")
    store.add(name, Exchange("x"), {"ab": b"jpeg"})
    other = Conversations(store.file, owner="eve@example.org")
    other.delete(name)
    assert other.newest() == other.newest("dogs") == other.exchanges(name) == ()
    assert other.find(name) is None and other.photo(name, "ab") is None
    for change in (other.rename, lambda n, _: other.add(n, Exchange("x"))):
        with pytest.raises(ConversationGone):
            change(name, "mine")
    assert titles(store) == ["find dogs"]


def test_only_the_owner_of_the_file_may_read_it(store: Conversations) -> None:
    told(store, "one")
    store.file.chmod(0o644)
    store.newest()
    with sqlite3.connect(store.file) as held:  # keeps the journal there
        held.execute("SELECT count(*) FROM exchange").fetchall()
        told(store, "two")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in store.file.parent.iterdir()}
    held.close()
    assert modes == {0o600}


@pytest.mark.parametrize("content", [b"not a database " * 100, b"", None])
def test_damage_is_told_and_a_file_that_is_gone_is_made_again(
    store: Conversations, content: bytes | None
) -> None:
    name = told(store, "one")
    for path in list(store.file.parent.iterdir()):
        path.unlink()
    if content is not None:
        store.file.write_bytes(content)
    if content:
        with pytest.raises(ConversationsDamaged, match=r"conversations\.db"):
            store.newest()
    else:
        assert store.newest() == () and store.find(name) is None


def test_a_damaged_row_is_told(store: Conversations) -> None:
    name = told(store, "one")
    with sqlite3.connect(store.file) as db:
        db.execute("UPDATE exchange SET details = '{}'")
    db.close()
    with pytest.raises(ConversationsDamaged):
        store.exchanges(name)


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    with pytest.raises(ConversationsDamaged, match="another program"):
        Conversations(file).newest()


def test_a_file_of_a_newer_version_is_left_alone(store: Conversations) -> None:
    store.newest()
    with sqlite3.connect(store.file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ConversationsNewer, match="99"):
        store.newest()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConversationsUnwritable, match="VLM_CONVERSATIONS"):
        Conversations(tmp_path / "file" / "conversations.db").begin()


def _talk(file: Path, number: int) -> None:
    store = Conversations(file)
    for turn in range(10):
        told(store, f"question {number} {turn}")


def test_two_processes_lose_nothing_of_each_other(store: Conversations) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_talk, args=(store.file, n)) for n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(titles(store)) == sorted(f"question {n} {t}" for n in range(2) for t in range(10))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text())
def test_no_words_whatever_break_the_search(store: Conversations, words: str) -> None:
    name = told(store, words)
    assert name in {conversation.id for conversation in store.newest(words, limit=1000)}
