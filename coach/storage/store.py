"""Where calls and grades are kept: SQLite by default, PostgreSQL by URL. The only place that speaks SQL."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from coach.errors import CallState, NotFound, StoreError
from coach.records.call import Call, Outcome, Turn
from coach.records.grade import Grade
from coach.records.notes import Correction, Note, NoteKind
from coach.storage.database import engine_for, migrate
from coach.storage.tables import CallRow, GradeRow, NoteRow, TurnRow

HEADS_KEPT = 128
"""Calls whose content stays in memory."""


def sqlite_url(folder: Path) -> str:
    """The database inside the data folder, which is made when missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"数据文件夹 {folder} 不能使用（{error.strerror}）。请检查权限，或用 COACH_DATA 指定另一个文件夹。",
            f"The data folder {folder} can't be used ({error.strerror}). Check its permissions, or set COACH_DATA to another folder.",
        ) from error
    return f"sqlite:///{folder / 'coach.sqlite3'}"


class Store:
    """Calls, turns and grades. Opening it brings the tables up to date.

    Raises:
        StoreError: the database can't be opened or written.
    """

    def __init__(self, url: str) -> None:
        self._engine = engine_for(url)
        self._heads: OrderedDict[str, Call] = OrderedDict()
        try:
            migrate(self._engine)
        except DBAPIError as error:
            raise _unusable(error) from error

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise _unusable(error) from error

    def add_call(self, call: Call) -> None:
        """Stores a new call with the turns it has."""
        with self._session() as session:
            session.add(
                CallRow(
                    id=call.id,
                    created=call.created,
                    ended=call.ended,
                    outcome=call.outcome,
                    persona=call.exercise.persona.id,
                    case=call.exercise.case.id,
                    parent=call.parent,
                    trainee=call.trainee,
                    body=call.model_dump(mode="json", exclude={"turns", "ended", "outcome"}),
                )
            )
            session.flush()
            session.add_all(_turn_row(call.id, turn) for turn in call.turns)

    def add_turn(self, call_id: str, turn: Turn) -> None:
        """Stores the next turn. A turn that is there already is never overwritten (a double click, two tabs)."""
        try:
            with self._session() as session:
                session.add(_turn_row(call_id, turn))
        except IntegrityError as error:
            raise CallState(
                "这一轮已经有人说过了，请刷新页面再继续。", "That turn was taken already; reload the page and go on."
            ) from error

    def set_turn(self, call_id: str, turn: Turn) -> None:
        """Completes a stored turn with what was found about it (its appraisal). Its words can't change."""
        with self._session() as session:
            row = session.scalars(select(TurnRow).where(TurnRow.call == call_id, TurnRow.index == turn.index)).one()
            if row.body["text"] != turn.text:
                raise CallState("已说的话不能改。", "Words that were said can't be changed.")
            row.body = turn.model_dump(mode="json")

    def end_call(self, call_id: str, ended: datetime, outcome: str) -> None:
        with self._session() as session:
            session.execute(update(CallRow).where(CallRow.id == call_id).values(ended=ended, outcome=outcome))

    def call(self, call_id: str) -> Call:
        with self._session() as session:
            row = session.execute(select(CallRow.ended, CallRow.outcome).where(CallRow.id == call_id)).first()
            if row is None:
                raise NotFound(f"没有编号为 {call_id} 的通话。", f"There is no call {call_id}.")
            bodies = session.scalars(select(TurnRow.body).where(TurnRow.call == call_id).order_by(TurnRow.index)).all()
            head = self._head(session, call_id)
        return head.model_copy(
            update={
                "ended": row.ended.replace(tzinfo=UTC) if row.ended and row.ended.tzinfo is None else row.ended,
                "outcome": Outcome(row.outcome) if row.outcome else None,
                "turns": tuple(Turn.model_validate(body) for body in bodies),
            }
        )

    def _head(self, session: Session, call_id: str) -> Call:
        """The call without its turns. It never changes once stored, and reading its content again at every turn is slow."""
        if call_id not in self._heads:
            body = session.scalars(select(CallRow.body).where(CallRow.id == call_id)).one()
            self._heads[call_id] = Call.model_validate(body)
            while len(self._heads) > HEADS_KEPT:
                self._heads.popitem(last=False)
        return self._heads[call_id]

    def recent_calls(self, limit: int = 50) -> list[str]:
        """Ids of the newest calls, newest first."""
        with self._session() as session:
            return list(session.scalars(select(CallRow.id).order_by(CallRow.created.desc()).limit(limit)))

    def calls_of(self, trainee: str, limit: int = 50, offset: int = 0) -> list[str]:
        """Ids of one trainee's calls, newest first."""
        chosen = select(CallRow.id).where(CallRow.trainee == trainee).order_by(CallRow.created.desc())
        with self._session() as session:
            return list(session.scalars(chosen.limit(limit).offset(offset)))

    def trainees(self) -> dict[str, int]:
        """Whose calls there are, and how many; an empty name for those of the open page."""
        with self._session() as session:
            rows = session.execute(select(CallRow.trainee, func.count()).group_by(CallRow.trainee)).all()
            return {trainee: count for trainee, count in rows}

    def find_calls(self, trainee: str | None, persona: str, case: str, limit: int, offset: int) -> list[str]:
        """Ids of calls, newest first. `trainee` None, `persona` and `case` empty: whosever, whichever."""
        chosen = select(CallRow.id).where(*_such(trainee, persona, case)).order_by(CallRow.created.desc(), CallRow.id)
        with self._session() as session:
            return list(session.scalars(chosen.limit(limit).offset(offset)))

    def count_calls(self, trainee: str | None, persona: str, case: str) -> int:
        """How many `find_calls` would find."""
        with self._session() as session:
            return session.scalar(select(func.count()).select_from(CallRow).where(*_such(trainee, persona, case))) or 0

    def exercises(self) -> list[tuple[str, str]]:
        """(persona, case) of the calls there are."""
        chosen = select(CallRow.persona, CallRow.case).distinct().order_by(CallRow.persona, CallRow.case)
        with self._session() as session:
            return [(persona, case) for persona, case in session.execute(chosen)]

    def all_notes(self, kind: NoteKind) -> list[Note]:
        """Everything of this kind around any call, oldest first."""
        chosen = select(NoteRow.body).where(NoteRow.kind == kind).order_by(NoteRow.created)
        with self._session() as session:
            bodies = session.scalars(chosen).all()
        return [Note.model_validate(body) for body in bodies]

    def trainees_of(self, beginning: str) -> set[str]:
        """Whose calls have an id that begins so."""
        with self._session() as session:
            return set(
                session.scalars(select(CallRow.trainee).where(CallRow.id.startswith(beginning, autoescape=True)))
            )

    def branches(self, call_id: str) -> list[str]:
        """Ids of the calls that branched off this one, oldest first."""
        with self._session() as session:
            return list(session.scalars(select(CallRow.id).where(CallRow.parent == call_id).order_by(CallRow.created)))

    def add_note(self, note: Note) -> None:
        with self._session() as session:
            body = note.model_dump(mode="json")
            session.add(NoteRow(id=note.id, call=note.call, kind=note.kind, created=note.created, body=body))

    def latest_note(self, call_id: str, kind: NoteKind) -> Note | None:
        """What was written last of this kind, or None."""
        chosen = (
            select(NoteRow)
            .where(NoteRow.call == call_id, NoteRow.kind == kind)
            .order_by(NoteRow.created.desc())
            .limit(1)
        )
        with self._session() as session:
            row = session.scalars(chosen).first()
            body = row.body if row else None
        return Note.model_validate(body) if body else None

    def notes(self, call_id: str, kind: NoteKind) -> list[Note]:
        """Everything of this kind around a call, oldest first."""
        chosen = select(NoteRow.body).where(NoteRow.call == call_id, NoteRow.kind == kind).order_by(NoteRow.created)
        with self._session() as session:
            bodies = session.scalars(chosen).all()
        return [Note.model_validate(body) for body in bodies]

    def corrections(self, call_id: str) -> list[Correction]:
        """What trainers changed in a call's grades, oldest first."""
        return [note.correction for note in self.notes(call_id, "correction") if note.correction]

    def add_grade(self, grade: Grade) -> None:
        with self._session() as session:
            session.add(
                GradeRow(id=grade.id, call=grade.call, created=grade.created, body=grade.model_dump(mode="json"))
            )

    def grades(self, call_id: str) -> list[Grade]:
        """All grades of a call, oldest first."""
        with self._session() as session:
            rows = session.scalars(select(GradeRow).where(GradeRow.call == call_id).order_by(GradeRow.created)).all()
            bodies = [row.body for row in rows]
        return [Grade.model_validate(body) for body in bodies]


def _such(trainee: str | None, persona: str, case: str) -> list[ColumnElement[bool]]:
    asked = [] if trainee is None else [CallRow.trainee == trainee]
    asked += [CallRow.persona == persona] if persona else []
    return [*asked, *([CallRow.case == case] if case else [])]


def _turn_row(call_id: str, turn: Turn) -> TurnRow:
    return TurnRow(call=call_id, index=turn.index, body=turn.model_dump(mode="json"))


def _unusable(error: DBAPIError) -> StoreError:
    cause = str(error.orig).splitlines()[0]
    return StoreError(
        f"数据库不能使用：{cause}。请检查 COACH_DATA 文件夹的权限和剩余空间。",
        f"The database can't be used: {cause}. Check the COACH_DATA folder's permissions and free space.",
    )
