"""Many files at once: nothing hidden, nothing told twice; and what a good folder gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.content.library import Library, content_hash
from coach.content.mistakes import ContentError
from coach.content.survey import survey
from coach.errors import NotFound

Spoil = Callable[[str, str, str], None]
P, C, R = "personas/grumbler.yaml", "cases/no_show.yaml", "rubrics/warmth.yaml"


def told(folder: Path) -> list[tuple[str, int, str]]:
    return [(mistake.file, mistake.line, mistake.field) for mistake in survey(folder).mistakes]


def test_a_good_folder_has_no_mistakes_and_gives_the_recommended_pairs(folder: Path) -> None:
    library = Library.load(folder)
    assert library.warnings == ()
    assert [(persona.id, case.id) for persona, case in library.exercises()] == [("grumbler", "no_show")]
    assert library.operator.hotline == "10077"


def test_red_lines_judge_every_case_after_its_own_rubrics(folder: Path) -> None:
    library = Library.load(folder)
    assert [rubric.id for rubric in library.rubrics_for(library.case("no_show"))] == ["warmth", "red_lines"]


def test_mistakes_in_two_files_are_both_told(folder: Path, spoil: Spoil) -> None:
    spoil(P, "heat: 60", "heat: 160")
    spoil(C, "heat_below: 80", "heat_below: 800")
    spoil(C, "layer: info", "layer: infos")
    assert told(folder) == [
        (C, 22, "facts[since].layer"),
        (C, 28, "facts[red].release.heat_below"),
        (P, 21, "temper.heat"),
    ]


def test_rules_over_the_whole_object_are_told_beside_a_wrong_type(folder: Path, spoil: Spoil) -> None:
    spoil(P, "heat: 60", "heat: 160")
    spoil(P, "  press: [说话呀！]\n", "")
    spoil(P, "  - id: hurry", "  - id: count")
    assert told(folder) == [(P, 17, "tactics[count].id"), (P, 21, "temper.heat"), (P, 25, "lines")]


def test_loading_raises_with_every_mistake_in_both_languages(folder: Path, spoil: Spoil) -> None:
    spoil(P, "heat: 60", "heat: 160")
    spoil(C, "personas: [grumbler]", "personas: [grumblr]")
    with pytest.raises(ContentError) as caught:
        Library.load(folder)
    assert caught.value.zh.splitlines()[0] == "内容文件里有 2 处要改："
    assert "是不是想写 grumbler？" in caught.value.zh
    assert "did you mean grumbler?" in caught.value.en
    assert len(caught.value.mistakes) == 2


def test_a_dangling_id_is_told_even_when_the_file_has_other_mistakes(folder: Path, spoil: Spoil) -> None:
    spoil(C, "personas: [grumbler]", "personas: [grumbler, nobody]")
    spoil(C, "rubrics: [warmth]", "rubrics: [warmt]")
    spoil(C, "rules: [repair, ticket]", "rules: [repair, tickets]")
    spoil(C, "call_type: fault", "call_type: faults")
    assert told(folder) == [
        (C, 5, "call_type"),
        (C, 6, "personas[2]"),
        (C, 7, "rubrics[1]"),
        (C, 64, "knowledge.rules[2]"),
    ]


def test_a_broken_persona_still_exists_for_the_cases_that_name_it(folder: Path) -> None:
    (folder / P).write_text("id: [", encoding="utf-8")
    assert [mistake.file for mistake in survey(folder).mistakes] == [P]


def test_the_file_name_is_the_id(folder: Path) -> None:
    (folder / P).rename(folder / "personas" / "moaner.yaml")
    first = survey(folder).mistakes[0]
    assert first.say("zh") == (
        "personas/moaner.yaml:1 字段 id：找到：「grumbler」，和文件名 moaner.yaml 不同；可以写：moaner；或者把文件改名为 grumbler.yaml"
    )


def test_one_id_in_two_files_is_told_with_the_other_place(folder: Path) -> None:
    shutil.copy(folder / P, folder / "personas" / "second.yaml")
    sentences = [mistake.say("zh") for mistake in survey(folder).mistakes]
    assert (
        "personas/second.yaml:1 字段 id：找到：「grumbler」，personas/grumbler.yaml:1 已经用了；可以写：一个还没用过的名字"
        in sentences
    )


@pytest.mark.parametrize("name", ["personas/other.yml", "personas/OTHER.YAML", "personas/more/other.yaml"])
def test_a_content_file_that_would_not_be_read_is_told(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    shutil.copy(folder / P, folder / name)
    (mistake,) = survey(folder).mistakes
    assert mistake.say("zh") == f"{name}:1 找到：这个文件不会被读到；可以写：personas/{Path(name).stem}.yaml"


def test_missing_files_and_folders_are_mistakes_like_any_other(tmp_path: Path) -> None:
    assert [mistake.say("zh") for mistake in survey(tmp_path / "nowhere").mistakes] == [
        "cases/:1 找到：cases 文件夹里一个文件也没有；可以写：至少一个 .yaml 文件",
        "moves/moves.yaml:1 找到：没有这个文件",
        "operator.yaml:1 找到：没有这个文件",
        "personas/:1 找到：personas 文件夹里一个文件也没有；可以写：至少一个 .yaml 文件",
        "rubrics/:1 找到：rubrics 文件夹里一个文件也没有；可以写：至少一个 .yaml 文件",
    ]


def test_a_catalogue_row_beyond_the_last_is_told(folder: Path, spoil: Spoil) -> None:
    spoil(R, "teaches: [C4]", "teaches: [C4, C8]")
    (mistake,) = survey(folder).mistakes
    assert mistake.say("zh") == (
        f"{R}:11 字段 criteria[feeling].checks[names_feeling].teaches[2]：找到：「C8」，目录里没有这一行；可以写：C1 到 C7"
    )


def test_looking_up_an_unknown_id_names_the_nearest(folder: Path) -> None:
    library = Library.load(folder)
    with pytest.raises(NotFound, match="没有叫「grumbly」的客户画像。可以选：grumbler。"):
        library.persona("grumbly")
    with pytest.raises(NotFound) as caught:
        library.parts("grumbler", "zzz")
    assert caught.value.en == "There is no case 'zzz'. Choose from: no_show."


def test_the_content_hash_changes_with_the_content_and_only_then(folder: Path, spoil: Spoil) -> None:
    before = Library.load(folder).parts("grumbler", "no_show")
    spoil(P, "id: grumbler\n", "# a comment changes nothing\nid: grumbler\n")
    same = Library.load(folder).parts("grumbler", "no_show")
    spoil(P, "heat: 60", "heat: 61")
    after = Library.load(folder).parts("grumbler", "no_show")
    assert before.content_hash == same.content_hash != after.content_hash
    assert content_hash(before.case) == content_hash(after.case)
