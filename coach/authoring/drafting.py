"""A document or a call -> a draft. With a model: a sketch, checked against the source. Without: what code can find, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from coach.authoring.composing import Composed, compose_case, compose_persona, compose_rubric
from coach.authoring.documents import Paragraph, Source
from coach.authoring.drafted import Drafted
from coach.authoring.edits import data_of
from coach.authoring.evidence import Checking
from coach.authoring.kinds import Kind, file_of, good_id
from coach.authoring.shelf import Shelf
from coach.authoring.sketch import CaseSketch, PersonaSketch, RubricSketch
from coach.authoring.starting import free_name, starting_text, templates
from coach.authoring.yaml_text import to_yaml
from coach.content.coverage import catalogue
from coach.content.mistakes import Said
from coach.content.operator import Operator
from coach.content.persona import COMMON_ACTS
from coach.customer.words import act_direction
from coach.errors import InputError
from coach.models.seam import ChatModel, Message, ask
from coach.prompts.render import load_prompt, untrusted

MAX_TOKENS = 6000
SKETCHES: dict[Kind, type[BaseModel]] = {"persona": PersonaSketch, "case": CaseSketch, "rubric": RubricSketch}
_SCHEMA = "yaml-language-server: $schema=../schemas/{kind}.schema.json"


@dataclass(frozen=True)
class Wanted:
    """What is to come out. `name`: the id, else a free one; `like`: the starting point, else the first template."""

    kind: Kind
    name: str = ""
    like: str = ""


async def draft(source: Source, wanted: Wanted, shelf: Shelf, model: ChatModel, temperature: float = 0.2) -> Drafted:
    """A draft by a model, every claim of it found in the source by code.

    Raises:
        ModelError: the model could not be used; nothing was written.
        NotFound: no such starting point.
    """
    paragraphs, notice = source.chosen()
    call = any(one.role for one in paragraphs)
    prompt = load_prompt(f"draft_{wanted.kind}")
    parts = prompt.render(_told(shelf, wanted.kind, source.file, paragraphs, call=call))
    messages = [Message("system", parts["system"]), Message("user", parts["user"])]
    sketch, _ = await ask(model, messages, SKETCHES[wanted.kind], temperature=temperature, max_tokens=MAX_TOKENS)
    checking = Checking(source, house(shelf), "customer" if call else "")
    name = draft_name(shelf, wanted, source.file)
    made = _composed(sketch, wanted, shelf, name, checking, call=call)
    head = [
        _SCHEMA.format(kind=wanted.kind),
        f"草稿，还没有发布：{model.name} 照{'通话' if call else '材料'}《{source.file}》起草，引用都在原文里找到过。",
        "「依据」是出处；「待填」「待改」要您来写。改好后删掉这些注释。",
    ]
    took = (Said(f"{checking.proved} 处有原文依据", f"{checking.proved} claims with their words in the source"),)
    blanks = sorted(checking.blanks)
    todo = [Said(f"〔待填〕的地方：{'、'.join(blanks)}", f"blanks in the text: {', '.join(blanks)}")] if blanks else []
    return Drafted(
        wanted.kind,
        name,
        to_yaml(made.data, made.notes, head=head),
        took,
        tuple(checking.withdrawn),
        (*made.todo, *todo),
        (*source.remarks, *notice),
    )


def draft_offline(source: Source, wanted: Wanted, shelf: Shelf) -> Drafted:
    """Without a model: the starting point, with the document's paragraphs beside it. Raises NotFound."""
    name = draft_name(shelf, wanted, source.file)
    start = wanted.like or templates(wanted.kind)[0].name
    paragraphs, notice = source.chosen()
    schema, *body = starting_text(shelf, wanted.kind, start, name).splitlines()
    head = [
        f"# 没有接模型：这是起点「{start}」，一个字也不是从材料里来的。材料在最后，请对着它改。",
        *body,
        "",
        f"# ---- 材料《{source.file}》（隐去了姓名和号码）",
        *(f"# {_flat(one.quoted())}" for one in paragraphs),
    ]
    text = "\n".join([schema, *head]) + "\n"
    remark = Said(
        "没有接模型，没法起草：给了一个起点，材料逐段附在后面。接上模型后可以再来一次",
        "no model is configured, so nothing was drafted: a starting point, with the document's paragraphs below it",
    )
    todo = (Said("照材料改每一处", "change every part after the document"),)
    return Drafted(wanted.kind, name, text, (), (), todo, (remark, *source.remarks, *notice))


def _flat(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _told(shelf: Shelf, kind: Kind, file: str, paragraphs: tuple[Paragraph, ...], *, call: bool) -> Mapping[str, Any]:
    who = {"agent": "坐：", "customer": "客：", "": ""}
    values: dict[str, Any] = {
        "catalogue": list(catalogue(shelf.folder).items()),
        "paragraphs": [f"[{one.number}] {who[one.role]}{untrusted(one.text)}" for one in paragraphs],
        "file": untrusted(file),
    }
    if kind == "persona":
        values["acts"] = [(act.value, act_direction(act).rstrip("。")) for act in COMMON_ACTS]
    elif kind == "case":
        values["call"] = call
    else:
        vocabulary = shelf.survey().vocabulary
        values["moves"] = [(move.id.value, move.name.zh) for move in vocabulary.moves] if vocabulary else []
    return values


def _composed(
    sketch: BaseModel, wanted: Wanted, shelf: Shelf, name: str, checking: Checking, *, call: bool
) -> Composed:
    if isinstance(sketch, PersonaSketch):
        start = wanted.like or templates("persona")[0].name
        return compose_persona(sketch, data_of(starting_text(shelf, "persona", start, name)), start, checking)
    if isinstance(sketch, CaseSketch):
        return compose_case(sketch, name, checking, known_ids(shelf), call=call)
    assert isinstance(sketch, RubricSketch)
    return compose_rubric(sketch, name, checking)


def known_ids(shelf: Shelf) -> dict[str, list[str]]:
    """The ids that a case may name."""
    found = shelf.survey()
    rules = [rule.id for rule in found.operator.rules] if found.operator else []
    return {"personas": list(found.personas), "rubrics": list(found.rubrics), "rules": rules}


def house(shelf: Shelf) -> Operator:
    operator = shelf.survey().operator
    if operator is None:
        raise InputError(
            "operator.yaml 读不出来，起草不了。先用 coach check 看哪里要改。",
            "operator.yaml can't be read, so nothing can be drafted. See coach check.",
        )
    return operator


def draft_name(shelf: Shelf, wanted: Wanted, file: str) -> str:
    if wanted.name:
        name = good_id(wanted.name)
        if name in shelf.names(wanted.kind):
            place = file_of(wanted.kind, name)
            raise InputError(
                f"{place} 已经有了，草稿不能用同一个编号。换一个。", f"{place} is there already; choose another id."
            )
        return name
    stem = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in PurePath(file).stem.lower()).strip(
        "_"
    )
    fit = stem if len(stem) > 1 and stem[0].isalpha() else f"drafted_{wanted.kind}"
    return free_name(shelf, wanted.kind, fit)
