"""What was said is there after a restart; nothing is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import call, exercise
from sqlalchemy import create_engine, inspect

from coach.errors import CallState, NotFound, StoreError
from coach.records.call import Speaker, Turn
from coach.storage.store import Store, sqlite_url
from coach.storage.tables import Base

CALL = call(exercise(), ("customer", "喂？"))
SAID = Turn(index=1, speaker=Speaker.TRAINEE, text="您好。", at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = Store(sqlite_url(tmp_path / "kept"))
    yield opened
    opened.close()


def test_a_call_comes_back_as_it_was(store: Store) -> None:
    store.add_call(CALL)
    assert store.call(CALL.id) == CALL


def test_turns_survive_closing_and_opening_the_database(tmp_path: Path) -> None:
    first = Store(sqlite_url(tmp_path))
    first.add_call(CALL)
    first.add_turn(CALL.id, SAID)
    first.close()
    again = Store(sqlite_url(tmp_path))
    found = again.call(CALL.id)
    again.close()
    assert found.turns == (*CALL.turns, SAID)
    assert found.awaiting_customer


def test_the_same_turn_twice_is_refused_and_the_first_stays(store: Store) -> None:
    store.add_call(CALL)
    store.add_turn(CALL.id, SAID)
    with pytest.raises(CallState):
        store.add_turn(CALL.id, SAID.model_copy(update={"text": "换一句"}))
    assert store.call(CALL.id).turns[1].text == "您好。"


def test_words_that_were_said_cannot_change(store: Store) -> None:
    store.add_call(CALL)
    store.add_turn(CALL.id, SAID)
    with pytest.raises(CallState):
        store.set_turn(CALL.id, SAID.model_copy(update={"text": "别的"}))


def test_an_unknown_call_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match="nosuch"):
        store.call("nosuch")


def test_a_data_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="COACH_DATA"):
        sqlite_url(tmp_path / "file" / "data")


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "coach.sqlite3").write_text("这不是数据库" * 200)
    with pytest.raises(StoreError, match="数据库不能使用"):
        Store(sqlite_url(tmp_path))


def test_migrations_make_the_tables_that_the_code_expects(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    Store(url).close()
    engine = create_engine(url)
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
    engine.dispose()
