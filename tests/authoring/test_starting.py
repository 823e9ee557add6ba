"""Starting points: whole, valid, accepted as they stand; `coach new` writes one and never over anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coach.authoring.shelf import Shelf
from coach.authoring.starting import Template, every_template, starting_text, templates
from coach.authoring.trying import library_with
from coach.cli.new import new
from coach.content.case import Case
from coach.content.persona import Persona
from coach.errors import InputError, NotFound
from coach.settings import Settings
from coach.trial.acceptance import accept
from coach.wiring import build_offline


def item(shelf: Shelf, template: Template) -> Any:
    return shelf.check(template.kind, template.text, str(template.data["id"])).item


@pytest.mark.parametrize("template", every_template(), ids=lambda one: f"{one.kind}-{one.name}")
def test_each_is_whole_says_how_to_go_on_and_lacks_only_being_used(template: Template, shelf: Shelf) -> None:
    checked = shelf.check(template.kind, template.text, str(template.data["id"]))
    assert checked.errors == ()
    assert {mistake.field for mistake in checked.warnings} <= {"id"}
    assert template.text.splitlines()[0].startswith("# yaml-language-server")
    assert template.text.count("\n#") + template.text.count("\n  #") >= 1


def test_there_is_one_for_each_kind_of_customer() -> None:
    assert {str(one.data["category"]) for one in templates("persona")} == {
        "complaint",
        "vip",
        "harassment",
        "enquiry",
        "outbound",
    }
    assert {str(one.data["kind"]) if "kind" in one.data else "score" for one in templates("rubric")} == {
        "score",
        "red_lines",
    }


@pytest.mark.parametrize("template", templates("case"), ids=lambda one: one.name)
async def test_each_case_is_accepted_with_the_customer_of_its_kind(template: Template, shelf: Shelf) -> None:
    case = item(shelf, template)
    [persona] = [item(shelf, one) for one in templates("persona") if one.name == template.name]
    assert isinstance(case, Case)
    assert isinstance(persona, Persona)
    library = library_with(shelf, case)
    library = replace(library, personas={**library.personas, persona.id: persona})
    practice = build_offline(Settings.load(), library)
    seen: list[str] = []
    done = await accept(practice, practice.exercise(persona.id, case.id), before=seen.append)
    assert [finding for finding in done.findings if not finding.ok] == []
    assert len(seen) == 7


def test_a_copy_has_another_id_and_says_that_it_is_one(shelf: Shelf) -> None:
    text = starting_text(shelf, "case", "overbilled", "bill_again")
    assert "id: bill_again\n" in text
    assert "账单比自己算的多一倍（副本）" in text
    with pytest.raises(NotFound, match="没有叫「overbiled」的模板，也没有叫这个的文件。可以写：overbilled"):
        starting_text(shelf, "case", "overbiled", "x1")


def test_new_writes_a_file_says_what_to_do_and_leaves_what_is_there_alone(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACH_CONTENT", str(content))
    new("persona", "angry_uncle", "vip", listed=False)
    written = (content / "personas/angry_uncle.yaml").read_text("utf-8")
    assert "id: angry_uncle\n" in written
    said = capsys.readouterr().out
    assert "已写 personas/angry_uncle.yaml（照着 vip）" in said
    assert "coach check" in said
    assert "coach accept angry_uncle" in said
    with pytest.raises(InputError, match=r"personas/angry_uncle\.yaml 已经有了，没有动它"):
        new("persona", "angry_uncle", "", listed=False)
    assert (content / "personas/angry_uncle.yaml").read_text("utf-8") == written
    with pytest.raises(NotFound, match="没有「thing」这一类。可以写：persona, case, rubric"):
        new("thing", "x1", "", listed=False)
    new("rubric", "", "", listed=True)
    assert "red_lines" in capsys.readouterr().out
