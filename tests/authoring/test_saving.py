"""Saving: mistakes and conflicts write nothing, every version can be found again, a rubric's number goes up with its scoring."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.authoring.edits import Edit, edited
from coach.authoring.history import History
from coach.authoring.kinds import MODELS, Kind
from coach.authoring.saving import Conflict, Saver, draft_name
from coach.authoring.shelf import Shelf
from coach.authoring.starting import free_name, starting_text
from coach.authoring.unsaved import Draft, Drafts
from coach.content.mistakes import ContentError
from coach.content.survey import survey
from coach.errors import InputError, NotFound

ELDER = "anxious_elder"


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "data")


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "data")


@pytest.fixture
def saver(shelf: Shelf, history: History) -> Saver:
    return Saver(shelf, history)


def opened(shelf: Shelf, drafts: Drafts, kind: Kind, name: str, owner: str = "lin") -> Draft:
    text = shelf.text(kind, name)
    return drafts.open_text(owner, kind, text, file=name, base=text)


def changed(draft: Draft, path: tuple[str | int, ...], value: object) -> Draft:
    return draft.model_copy(update={"text": edited(draft.text, Edit("set", path, value), MODELS[draft.kind])})


def test_a_saved_draft_is_the_file_and_both_versions_are_kept(
    shelf: Shelf, drafts: Drafts, saver: Saver, history: History
) -> None:
    before = shelf.text("persona", ELDER)
    draft = changed(opened(shelf, drafts, "persona", ELDER), ("temper", "heat"), 51)
    saved = saver.save(draft, "lin")
    assert shelf.text("persona", ELDER) == draft.text != before
    assert not saved.draft.touched
    kept = history.all("persona", ELDER)
    assert [(one.text, one.author, one.outside) for one in kept] == [(before, "", True), (draft.text, "lin", False)]
    assert history.get("persona", ELDER, kept[0].id).text == before
    with pytest.raises(NotFound):
        history.get("persona", ELDER, "x")


def test_mistakes_are_refused_with_the_sentences_of_coach_check(
    shelf: Shelf, drafts: Drafts, saver: Saver, content: Path
) -> None:
    draft = changed(opened(shelf, drafts, "persona", ELDER), ("temper", "heat"), 160)
    before = shelf.text("persona", ELDER)
    with pytest.raises(ContentError) as refused:
        saver.save(draft, "lin")
    assert shelf.text("persona", ELDER) == before
    (content / f"personas/{ELDER}.yaml").write_text(draft.text, "utf-8")
    told = [one for one in survey(content).mistakes if one.file == f"personas/{ELDER}.yaml"]
    assert list(refused.value.mistakes) == told
    assert told[0].at == ("temper", "heat")


def test_what_another_saved_meanwhile_is_never_written_over_unseen(shelf: Shelf, drafts: Drafts, saver: Saver) -> None:
    mine = changed(opened(shelf, drafts, "persona", ELDER, "lin"), ("temper", "heat"), 51)
    theirs = changed(opened(shelf, drafts, "persona", ELDER, "wu"), ("temper", "heat"), 49)
    saver.save(theirs, "wu")
    with pytest.raises(Conflict) as refused:
        saver.save(mine, "lin")
    assert refused.value.say("zh") == (
        f"没有保存：您打开 personas/{ELDER}.yaml 以后，它又被改过（wu）。两份都在下面，看一眼再决定用哪一份。"
    )
    assert (refused.value.theirs, refused.value.mine) == (theirs.text, mine.text)
    assert ("-", "  heat: 49") in refused.value.difference
    assert ("+", "  heat: 51") in refused.value.difference
    assert shelf.text("persona", ELDER) == theirs.text

    saver.save(saver.rebased(mine), "lin")
    assert shelf.text("persona", ELDER) == mine.text


def test_taking_the_others_keeps_ones_own_among_the_versions(
    shelf: Shelf, drafts: Drafts, saver: Saver, history: History
) -> None:
    mine = changed(opened(shelf, drafts, "persona", ELDER), ("temper", "heat"), 51)
    taken = saver.yielded(mine, "lin")
    assert taken.text == shelf.text("persona", ELDER)
    assert history.all("persona", ELDER)[-1].text == mine.text


def test_a_file_that_was_deleted_meanwhile_is_a_conflict_too(
    shelf: Shelf, drafts: Drafts, saver: Saver, content: Path
) -> None:
    draft = changed(opened(shelf, drafts, "rubric", "empathy"), ("pass_mark",), 61)
    (content / "rubrics/empathy.yaml").unlink()
    with pytest.raises(Conflict):
        saver.save(draft, "lin")


def test_a_new_draft_takes_its_name_from_its_id_and_never_a_name_that_is_taken(
    shelf: Shelf, drafts: Drafts, saver: Saver
) -> None:
    draft = drafts.open_text("lin", "persona", starting_text(shelf, "persona", "vip", "new_boss"))
    assert saver.save(draft, "lin").name == "new_boss"
    again = drafts.open_text("wu", "persona", starting_text(shelf, "persona", "vip", "new_boss"))
    with pytest.raises(ContentError, match="new_boss"):
        saver.save(again, "wu")
    assert free_name(shelf, "persona", "new_boss") == "new_boss_2"


def test_an_id_that_is_missing_or_empty_is_told_once_at_its_field(shelf: Shelf, drafts: Drafts, saver: Saver) -> None:
    text = starting_text(shelf, "persona", "vip", "new_boss")
    for written in ("", 'id: ""', "id: ../operator"):
        draft = drafts.open_text("lin", "persona", text.replace("id: new_boss", written))
        with pytest.raises(ContentError) as refused:
            saver.save(draft, "lin")
        about_id = [one for one in refused.value.mistakes if one.at == ("id",)]
        assert [one.level for one in about_id].count("error") == 1
        assert "小写英文字母、数字、下划线" in about_id[0].allowed.zh
        assert about_id[0].file == "personas/new.yaml"


def test_a_text_that_cannot_be_read_keeps_its_name(shelf: Shelf, drafts: Drafts) -> None:
    text = starting_text(shelf, "persona", "vip", "new_boss")
    assert draft_name(drafts.open_text("lin", "persona", text.replace("\n  heat", "\n\theat"))) == "new_boss"
    assert draft_name(drafts.open_text("lin", "persona", "a: [")) == "new"


def test_saving_twice_in_a_row_is_one_version(
    shelf: Shelf, drafts: Drafts, saver: Saver, history: History, content: Path
) -> None:
    draft = changed(opened(shelf, drafts, "persona", ELDER), ("temper", "heat"), 51)
    saved = saver.save(draft, "lin").draft
    written = (content / f"personas/{ELDER}.yaml").stat().st_mtime_ns
    assert saver.save(saved, "lin").draft == saved
    assert [one.author for one in history.all("persona", ELDER)] == ["", "lin"]
    assert (content / f"personas/{ELDER}.yaml").stat().st_mtime_ns == written


def test_a_rubrics_number_goes_up_when_scoring_changes_and_only_then(
    shelf: Shelf, drafts: Drafts, saver: Saver
) -> None:
    draft = opened(shelf, drafts, "rubric", "empathy")
    version = shelf.survey().rubrics["empathy"].version
    renamed = saver.save(changed(draft, ("name", "zh"), "同理心"), "lin")
    assert renamed.raised == 0
    weighed = saver.save(changed(renamed.draft, ("criteria", 0, "checks", 0, "weight"), 9), "lin")
    assert weighed.raised == version + 1
    assert shelf.survey().rubrics["empathy"].version == version + 1
    own = changed(changed(weighed.draft, ("criteria", 0, "checks", 0, "weight"), 8), ("version",), version + 5)
    assert saver.save(own, "lin").raised == 0
    assert shelf.survey().rubrics["empathy"].version == version + 5


def test_a_name_cannot_lead_out_of_the_folder(shelf: Shelf) -> None:
    for name in ("../operator", "..", "a/b", "", "A"):
        with pytest.raises(InputError):
            shelf.text("persona", name)


def test_drafts_belong_to_their_trainer_and_survive(tmp_path: Path, drafts: Drafts) -> None:
    mine = drafts.open_text("lin", "case", "id: [", notes=("看看第三段",))
    found = Drafts(tmp_path / "data").get("lin", mine.id)
    assert (found.text, found.notes) == ("id: [", ("看看第三段",))
    with pytest.raises(NotFound):
        drafts.get("wu", mine.id)
    with pytest.raises(NotFound):
        drafts.get("lin", "../" + mine.id)
    assert drafts.all("wu") == []
    drafts.drop("lin", mine.id)
    assert drafts.all("lin") == []
