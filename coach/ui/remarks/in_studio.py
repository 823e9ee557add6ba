"""The same remarks in the studio's try-out chat: what is accepted goes into the draft on the bench, or into the partner's file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping

from coach.authoring.unsaved import Draft
from coach.errors import NotFound
from coach.practice import Practice
from coach.records.call import Call
from coach.ui.remarks.remarking import Open, Remarking
from coach.ui.remarks.targets import DraftTarget, FileTarget
from coach.ui.remarks.wording import render
from coach.ui.studio.bench import Bench
from coach.ui.viewer import Viewer

PREFIX = "studio_"
STARTS = ("studio_remark", "studio_principle")
"""How the names of the buttons begin."""
Begun = Callable[[Draft], tuple[Practice, Call] | None]
"""A draft's try-out: the engine that plays it and the call as it stands."""


class StudioRemarks:
    def __init__(self, bench: Bench, begun: Begun) -> None:
        self._bench = bench
        self._begun = begun
        self._remarking = Remarking(bench.settings, PREFIX)

    async def do(
        self, draft: Draft, sent: Mapping[str, str], viewer: Viewer, language: str
    ) -> AsyncIterator[tuple[Draft, Open]]:
        """A button of a try-out: the draft as it is then, and what is unfolded. Raises CoachError."""
        target = self._target(draft, viewer)
        doing = sent.get("do", "").removeprefix(PREFIX)
        async for opened in self._remarking.do(doing, target, sent, viewer.name, language):
            yield target.kept if isinstance(target, DraftTarget) else draft, opened

    def below(self, draft: Draft, turn: int, opened: Open, language: str) -> str:
        """The buttons below a line of the customer's, and the box that is unfolded there."""
        box = opened.box if opened.turn == turn else ""
        return self._remarking.tools(self._target(draft, Viewer()), turn, opened, language) + box

    def principles(self, draft: Draft, opened: Open, language: str) -> str:
        """The principles of whoever is played, folded in until something happens there."""
        try:
            target = self._target(draft, Viewer())
        except NotFound:
            return ""  # nobody is played yet
        html = self._remarking.list(target, opened, language)
        return render("folded", language, html=html, unfolded=bool(opened.told or opened.principle))

    def _target(self, draft: Draft, viewer: Viewer) -> DraftTarget | FileTarget:
        begun = self._begun(draft)
        practice, call = begun if begun is not None else (self._bench.practice, None)
        if draft.kind == "persona":
            return DraftTarget(self._bench, draft, practice, call)
        if call is None:
            raise NotFound(draft.id)
        return FileTarget(self._bench, viewer, call.exercise.persona.id, call)
