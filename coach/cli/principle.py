"""`coach principle list|add|remark|on|off|remove`: the rules that trainers' remarks became, in the persona's file."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from coach.authoring.principles import PrincipleBook
    from coach.content.mistakes import Mistake

principle_app = typer.Typer(
    help="客户的规矩：每句台词说出口之前核对的 · A customer's principles, checked before each line is spoken.",
    no_args_is_help=True,
)
PersonaId = Annotated[str, typer.Argument(help="客户画像编号 · persona id")]
PrincipleId = Annotated[str, typer.Argument(help="规矩编号，list 里有 · the principle's id, see list")]
Author = Annotated[str, typer.Option(help="谁定的 · whose it is")]
When = Literal["always", "heated", "talking", "settling"]


@principle_app.command("list")
def show(
    persona: PersonaId, as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False
) -> None:
    """列出规矩 · List them."""
    found = _book().persona(persona).principles
    if as_json:
        print(json.dumps([item.model_dump(mode="json") for item in found], ensure_ascii=False, indent=1))
        return
    for item in found:
        state = "开" if item.active else "关"
        by = "程序查" if item.by_code else "模型查"
        print(f"{item.id}  [{state}] {item.text}  · {item.when} · {by} · {item.author} {item.date}".rstrip(" ·"))
        print("".join(f"    {sign} {line}\n" for sign, line in (("✓", item.good), ("✗", item.bad)) if line), end="")
    if not found:
        print("还没有规矩 · no principles yet")


@principle_app.command()
def add(
    persona: PersonaId,
    text: Annotated[str, typer.Argument(help="一句话的规矩，40 字以内 · one sentence, at most 40 characters")],
    when: Annotated[When, typer.Option(help="什么时候要守 · when it holds")] = "always",
    good: Annotated[str, typer.Option(help="守住的一句 · a line that keeps it")] = "",
    bad: Annotated[str, typer.Option(help="没守住的一句 · a line that breaks it")] = "",
    never: Annotated[
        list[str] | None, typer.Option(help="不许出现的词，可以写几次 · a forbidden word, may be repeated")
    ] = None,
    at_most: Annotated[int | None, typer.Option(help="最多几个字 · most characters")] = None,
    author: Author = "",
) -> None:
    """加一条 · Add one."""
    values: dict[str, Any] = {"text": text, "when": when, "good": good, "bad": bad}
    values |= {"never": never} if never else {}
    values |= {"at_most": at_most} if at_most is not None else {}
    _add(persona, values, author)


@principle_app.command()
def remark(
    call_id: Annotated[str, typer.Argument(help="通话编号 · call id")],
    line: Annotated[int, typer.Argument(help="第几句，从 1 数 · number of the customer's line, from 1")],
    kind: Annotated[Literal["praise", "criticise", "rewrite"], typer.Argument(help="夸、批评、换一句 · what kind")],
    words: Annotated[str, typer.Argument(help="怎么说的 · what is said")] = "",
    accept: Annotated[bool, typer.Option("--accept", help="能用就收下 · accept it when it can be used")] = False,
    author: Author = "",
) -> None:
    """把对一句台词的意见变成规矩（要接模型）· Turn a remark on a line into a principle (needs a model)."""
    from coach.authoring.remarks import read_remark
    from coach.errors import InputError
    from coach.settings import Settings
    from coach.wiring import build_remark_reader, open_store

    settings = Settings.load()
    reader = build_remark_reader(settings)
    if reader is None:
        raise InputError(
            "没有接模型，意见变不成规矩。用 coach principle add 自己写。",
            "No model is connected. Write the principle with coach principle add.",
        )
    call = open_store(settings).call(call_id)
    said = read_remark(kind, words, call, line - 1, _book().persona(call.exercise.persona.id))
    proposal = asyncio.run(reader.propose(said))
    print(f"{proposal.result} · {proposal.why}")
    if proposal.result != "rule":
        raise typer.Exit(1)
    print(json.dumps(proposal.values, ensure_ascii=False, indent=1))
    _print(proposal.problems)
    for proof in proposal.proofs:
        sign = {None: "?", True: "✓", False: "✗"}[proof.ok]
        print(f"  {sign} {proof.source}: {proof.line}")
    if accept:
        values = proposal.values | {"origin": said.origin.model_dump()}
        _add(said.persona.id, values, author)


@principle_app.command()
def on(persona: PersonaId, principle: PrincipleId, author: Author = "") -> None:
    """打开一条 · Switch one on."""
    _switch(persona, principle, author, on=True)


@principle_app.command()
def off(persona: PersonaId, principle: PrincipleId, author: Author = "") -> None:
    """关掉一条，留在文件里 · Switch one off; it stays in the file."""
    _switch(persona, principle, author, on=False)


@principle_app.command()
def remove(persona: PersonaId, principle: PrincipleId, author: Author = "") -> None:
    """删掉一条 · Remove one."""
    from coach.authoring.principles import removed

    _book().change(persona, lambda text: removed(text, principle), author)
    print(f"已删掉 {principle} · removed")


def _switch(persona: str, principle: str, author: str, *, on: bool) -> None:
    from coach.authoring.principles import switched

    _book().change(persona, lambda text: switched(text, principle, on=on), author)
    print(f"{principle} {'已打开 · on' if on else '已关掉 · off'}")


def _add(persona_id: str, values: dict[str, Any], author: str) -> None:
    from coach.authoring.principles import added, next_id, problems_of

    book = _book()
    persona = book.persona(persona_id)
    principle, problems = problems_of(values | {"id": next_id(persona)}, persona)
    _print(problems)
    if principle is None:
        raise typer.Exit(1)
    today = datetime.now(UTC).astimezone().date().isoformat()
    made = principle.model_copy(update={"author": author.strip(), "date": today})
    book.change(persona_id, lambda text: added(text, made), author)
    print(f"已加 {made.id}：{made.text} · added")


def _print(problems: list[Mistake] | tuple[Mistake, ...]) -> None:
    for item in problems:
        kind = "要改" if item.level == "error" else "提醒"
        print(f"{kind} {item.field}：{item.found.zh}；应当是：{item.allowed.zh}")
        print(f"    {item.level} {item.field}: {item.found.en}; should be: {item.allowed.en}")


def _book() -> PrincipleBook:
    from coach.authoring.history import History
    from coach.authoring.principles import PrincipleBook
    from coach.authoring.saving import Saver
    from coach.authoring.shelf import Shelf
    from coach.settings import Settings

    settings = Settings.load()
    shelf = Shelf(settings.content)
    return PrincipleBook(shelf, Saver(shelf, History(settings.data)))
