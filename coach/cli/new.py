"""`coach new persona|case|rubric ID`: a file in the content folder from a template or another file, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from coach.authoring.kinds import Kind


def new(
    kind: Annotated[str, typer.Argument(help="persona 客户画像、case 案例或 rubric 评分表 · what to write")],
    name: Annotated[str, typer.Argument(metavar="ID", help="编号，也是文件名 · its id and file name")] = "",
    source: Annotated[
        str, typer.Option("--from", help="模板，或者已有的编号 · a template or an existing id", show_default=False)
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="只看有哪些模板 · list the templates")] = False,
) -> None:
    """从模板写一个新的客户、案例或评分表 · Begin a customer, case or rubric from a template."""
    from coach.authoring.kinds import kind_of
    from coach.authoring.starting import templates

    chosen = kind_of(kind)
    if listed:
        for template in templates(chosen):
            told = template.data["name"]
            print(f"{template.name:<12} {told['zh']} · {told['en']}")
        return
    if not name:
        raise typer.BadParameter("写上新的编号，如 angry_uncle · give it an id, such as angry_uncle", param_hint="ID")
    _write(chosen, name, source or templates(chosen)[0].name)


def _write(kind: Kind, name: str, source: str) -> None:
    from coach.authoring.kinds import file_of, place_of
    from coach.authoring.shelf import Shelf
    from coach.authoring.starting import starting_text
    from coach.errors import InputError, StoreError
    from coach.settings import Settings

    shelf = Shelf(Settings.load().content)
    path = place_of(shelf.folder, kind, name)
    file = file_of(kind, name)
    if path.exists():
        raise InputError(
            f"{file} 已经有了，没有动它。换一个编号，或者直接改那个文件。",
            f"There is a {file} already; it was left alone. Choose another id, or edit that file.",
        )
    text = starting_text(shelf, kind, source, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file_there:
            file_there.write(text)
    except OSError as error:
        raise StoreError(
            f"写不进 {path}（{error.strerror}）。", f"{path} can't be written ({error.strerror})."
        ) from error
    print(f"已写 {file}（照着 {source}）。 · Written, from {source}.")
    for step in _next(kind, name):
        print(step)


def _next(kind: Kind, name: str) -> list[str]:
    """What the trainer does now."""
    first = "1. 打开改好；每一段上面都写着怎么填 · open it and change it; comments say how"
    second = "2. coach check                     一次说出所有要改的地方 · names every mistake"
    if kind == "persona":
        third = (
            f"3. 在案例的 personas 里添上 {name}，再 coach accept {name} 案例 · add it to a case, then accept the pair"
        )
    elif kind == "case":
        third = f"3. coach try 客户 {name} --as skilled，再 coach accept 客户 {name} · try it, then accept it"
    else:
        third = f"3. 在案例的 rubrics 里添上 {name} · add it to the rubrics of a case"
    return [
        first,
        second,
        third,
        "也可以在页面上改：coach run，点「编练习」 · or on the page: coach run, Write exercises",
    ]
