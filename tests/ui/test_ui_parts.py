"""Small parts of the page: what the browser keeps, the mood's words, how hard a card is, the address."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from call_samples import bad_call, good_call, vocabulary

from coach.content.persona import Conduct
from coach.errors import SettingsError, StoreError
from coach.settings import Settings
from coach.ui.cards import level
from coach.ui.launch import launch
from coach.ui.memory import KEPT_CALLS, Memory, browser_secret
from coach.ui.mood import mood_of
from coach.ui.render import render
from coach.ui.viewer import Viewer


def test_the_browsers_key_outlives_the_program(tmp_path: Path) -> None:
    first = browser_secret(tmp_path / "new")
    assert len(first) == 32
    assert browser_secret(tmp_path / "new") == first


def test_a_data_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="COACH_DATA"):
        browser_secret(tmp_path / "file")


def test_the_browser_keeps_a_bounded_list_newest_first() -> None:
    memory = Memory()
    for number in range(KEPT_CALLS + 5):
        memory = memory.with_call(f"call{number}")
    assert memory.calls[0] == memory.call == f"call{KEPT_CALLS + 4}"
    assert len(memory.calls) == KEPT_CALLS
    assert memory.with_call("call20").calls == memory.calls


def test_the_mood_panel_groups_what_one_cause_moved() -> None:
    mood = mood_of(good_call().model_copy(update={"turns": good_call().turns[:3]}), vocabulary(), "zh")
    assert mood.changes == ("动作empathise「换谁都得火」：情绪 78→55",)
    assert (mood.bars[0].label, mood.bars[0].value, mood.bars[0].moved) == ("情绪", 55, -23)
    assert mood.bars[0].mark == 58


def test_every_scale_has_a_word_at_both_ends() -> None:
    assert [bar.word for bar in mood_of(bad_call(), vocabulary(), "zh").bars] == ["怒火正旺", "不信您", "快要挂了"]


def test_a_hotter_less_patient_customer_is_harder_and_a_harasser_never_easy() -> None:
    exercise = bad_call().exercise
    assert level(exercise.persona, exercise.case) == "tough"
    calm = exercise.persona.temper.model_copy(update={"heat": 25, "trust": 50, "patience": 80, "anger": 1.0})
    mild = exercise.persona.model_copy(update={"temper": calm})
    assert level(mild, exercise.case) == "easy"
    assert level(mild.model_copy(update={"conduct": Conduct.IDLE}), exercise.case) == "medium"


def test_with_a_model_the_page_names_who_plays_and_who_grades() -> None:
    shown = {"view": "choose", "viewer": Viewer(), "missing": "", "customer": "model-a", "judge": "model-b"}
    assert "客户由大模型 model-a 扮演，评分由 model-b 判定。" in render("top", "zh", offline=False, **shown)
    offline = render("top", "en", offline=True, **shown | {"missing": "COACH_MODEL"})
    assert "Offline mode" in offline
    assert "still missing: COACH_MODEL" in offline


def test_what_is_for_trainers_stands_in_the_bar_for_trainers_only() -> None:
    shown = {"view": "choose", "offline": True, "missing": "", "customer": "", "judge": ""}
    assert 'data-do="studio"' in render("top", "zh", viewer=Viewer("lin", "trainer"), **shown)
    assert 'data-do="studio"' not in render("top", "zh", viewer=Viewer("wu", "trainee"), **shown)


def test_a_port_in_use_is_a_sentence_with_a_way_out(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"coach run --port {port + 1}"):
            launch(settings, "127.0.0.1", port)


def test_every_part_that_an_action_may_change_is_an_output() -> None:
    import gradio as gr

    from coach.ui.parts import _PLAIN, make_parts

    with gr.Blocks():
        parts = make_parts()
    outputs = {id(part) for part in parts.outputs}
    assert [name for name in sorted(_PLAIN) if id(getattr(parts, name)) not in outputs] == []
    drawn = {name for name, part in vars(parts).items() if isinstance(part, gr.HTML)}
    assert drawn - set(_PLAIN) == {"saving"}  # drawn with the buttons beside it
