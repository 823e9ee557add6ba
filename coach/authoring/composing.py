"""A checked sketch -> the data and comments of a persona, case or rubric. What only the trainer knows stays empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coach.authoring.evidence import Checking, slug
from coach.authoring.sketch import CaseSketch, CheckSketch, FactSketch, PersonaSketch, RubricSketch
from coach.content.mistakes import Said
from coach.content.persona import Act

Notes = dict[tuple[str | int, ...], list[str]]
_LINE = 40
"""Characters of a drafted spoken line, as long as a starting point's persona may speak."""


class Composed:
    """Data in the order of a file, its comments, and what is still to do."""

    def __init__(self, checking: Checking) -> None:
        self.checking = checking
        self.data: dict[str, Any] = {}
        self.notes: Notes = {}
        self.todo: list[Said] = []

    def note(self, path: tuple[str | int, ...], *said: str) -> None:
        if said:
            self.notes.setdefault(path, []).extend(said)

    def owe(self, key: str, zh: str, en: str, value: Any = None) -> None:
        """A field left to the trainer."""
        self.data[key] = value
        self.note((key,), f"待填：{zh}")
        self.todo.append(
            Said(f"{key}：{zh.split('：')[0]}", f"{key}: {en}")
        )  # the ids to choose from stand beside the field

    def claim(self, key: str, item: Any, zh: str, en: str, **options: Any) -> None:
        text, proof = self.checking.claim(item, zh, **options)
        self.data[key] = text
        self.note((key,), *(proof or [f"待填：材料里没有说{zh}"]))
        if text is None:
            self.todo.append(Said(f"{key}：{zh}", f"{key}: {en}"))

    def claims(self, key: str, items: list[Any], zh: str, **options: Any) -> list[str]:
        """The texts that are proved, with a comment above each."""
        kept: list[str] = []
        for item in items:
            text, proof = self.checking.claim(item, zh, **options)
            if text is not None and text not in kept:
                self.note((key, len(kept)), *proof)
                kept.append(text)
        return kept


def compose_persona(sketch: PersonaSketch, base: Mapping[str, Any], start: str, checking: Checking) -> Composed:
    """Lines of acts that the sketch leaves out are those of the starting point `base`, and say so."""
    made = Composed(checking)
    data, words = made.data, checking.words
    data |= {"id": base["id"], "name": {"zh": words(sketch.name)}, "summary": {"zh": words(sketch.summary)}}
    made.note(("name",), "模型拟的：名字、简介、类别、性格，请按材料核对")
    data["teaches"] = checking.rows(sketch.teaches)
    data |= {"category": sketch.category, "type": sketch.type}
    data |= {"temperament": sketch.temperament, "modality": sketch.modality}
    made.claim("background", sketch.background, "他是谁、为什么这样说话", "who this is")
    habits: list[str] = []
    for item in sketch.habits:
        text, proof = checking.claim(item, "说话习惯")
        if text is not None:
            made.note(("speech", "habits", len(habits)), *proof)
            habits.append(text)
    if len(habits) < 2:
        made.note(("speech",), "待填：说话习惯至少两条")
        made.todo.append(Said("speech.habits：说话习惯至少两条", "speech.habits: at least two"))
    data["speech"] = {"habits": habits, "fillers": checking.lines(sketch.fillers, 8), "region": "", "max_chars": _LINE}
    data["tactics"] = _tactics(made, sketch)
    data["temper"] = {
        "heat": sketch.heat,
        "trust": sketch.trust,
        "patience": sketch.patience,
        "lands_below": base["temper"]["lands_below"],
        "leaves_by": base["temper"]["leaves_by"],
    }
    made.note(("temper",), "模型估的：存之前用 coach accept 试一遍")
    data["lines"] = _act_lines(made, sketch, base["lines"], start)
    return made


def _tactics(made: Composed, sketch: PersonaSketch) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    taken: set[str] = set()
    for item in sketch.tactics:
        what, proof = made.checking.claim(item, "招数")
        lines = [line for line in made.checking.lines(item.lines) if len(line) <= _LINE]
        if what is None:
            continue
        made.note(("tactics", len(kept)), *proof)
        name = slug(item.id, taken, f"tactic_{len(kept) + 1}")
        kept.append({"id": name, "what": {"zh": what}, "when": item.when, "lines": lines})
    if len(kept) < 2:
        made.note(("tactics",), "待填：招数至少两样，每样两句台词")
        made.todo.append(Said("tactics：招数至少两样", "tactics: at least two"))
    return kept


def _act_lines(made: Composed, sketch: PersonaSketch, base: Mapping[str, Any], start: str) -> dict[str, Any]:
    given: dict[str, list[str]] = {}
    for item in sketch.lines:
        texts = item.lines if item.act is Act.REPEAT_DEMAND else [one for one in item.lines if "{" not in one]
        lines = [made.checking.words(one) for one in texts]
        good = [line for line in dict.fromkeys(lines) if 0 < len(line.replace("{demand}", "")) <= _LINE]
        if item.act is Act.REPEAT_DEMAND:
            good = [line for line in good if "{demand}" in line and line.count("{") == 1]
        if good:
            given[item.act.value] = good
    missing = [act for act in base if act not in given]
    for act in missing:
        made.note(("lines", act), f"待改：来自起点「{start}」")
    made.note(("lines",), "模型拟的台词：念一遍，像这个人在电话里说的才留")
    if missing:
        count = len(missing)
        made.todo.append(Said(f"lines：{count} 个动作还是起点的台词", f"lines: {count} acts have the starting point's"))
    return {act: given.get(act, base[act]) for act in base} | {a: b for a, b in given.items() if a not in base}


def compose_case(
    sketch: CaseSketch, name: str, checking: Checking, known: Mapping[str, list[str]], *, call: bool
) -> Composed:
    """The skeleton of a case; house facts (knowledge, resolutions' words, answers) are left to the trainer."""
    made = Composed(checking)
    data, words = made.data, checking.words
    data |= {"id": name, "name": {"zh": words(sketch.name)}, "summary": {"zh": words(sketch.summary)}}
    data["teaches"] = checking.rows(sketch.teaches)
    data["call_type"] = sketch.call_type
    made.owe("personas", f"和哪几位客户搭配：{'、'.join(known['personas'])}", "the personas it is offered with")
    made.owe("rubrics", f"用哪几张评分表：{'、'.join(known['rubrics'])}", "the rubrics that judge it")
    made.claim("request", sketch.request, "为什么打来", "why they call")
    data["openings"] = made.claims("openings", sketch.openings, "开场白") or None
    if len(data["openings"] or ()) < 2:
        made.note(("openings",), "待填：第一句话至少两种")
        made.todo.append(Said("openings：第一句话至少两种", "openings: at least two"))
    demand, proof = checking.claim(sketch.demand, "要求")
    data["demand"] = {"what": demand, "say": checking.lines(sketch.demand_lines) or None}
    made.note(("demand",), *(proof or ["待填：他张口要什么"]))
    made.claim("hidden_need", sketch.hidden_need, "没说破、其实在意的", "what is really wanted")
    made.claim("bottom_line", sketch.bottom_line, "怎样就能接受", "what would be accepted")
    data["facts"] = _facts(made, sketch.facts)
    if len(data["facts"] or ()) < 3:
        made.note(("facts",), "待填：事实至少三件")
        made.todo.append(Said("facts：没人问就不说的事，至少三件", "facts: at least three"))
    data["concerns"] = _concerns(made, sketch)
    data["resolutions"] = _ways(made, sketch)
    _trap(made, sketch)
    _house(made, sketch, known)
    data["coaching"] = _coaching(made, sketch)
    _story(made, sketch, call=call)
    return made


def _facts(made: Composed, facts: list[FactSketch]) -> list[dict[str, Any]] | None:
    kept: list[dict[str, Any]] = []
    taken: set[str] = set()
    for item in facts:
        what, proof = made.checking.claim(item, "事实")
        if what is None:
            continue
        say = made.checking.lines(item.say)
        cues = [made.checking.words(cue).replace("|", "").replace("+", "") for cue in item.cues]
        here = ("facts", len(kept))
        made.note(here, *proof)
        if cues and not any(cue in item.ask for cue in cues):
            made.note((*here, "release"), "待改：ask 里没有这些词，问了也不会说")
        kept.append(
            {
                "id": slug(item.id, taken, f"fact_{len(kept) + 1}"),
                "what": what,
                "say": say or None,
                "release": {"when": item.when, "cues": ["|".join(cue for cue in cues if cue)] if any(cues) else None},
                "layer": item.layer,
                "ask": made.checking.words(item.ask, staff=True) or None,
                "telltale": [word for word in item.telltale if any(word in line for line in say)] or None,
            }
        )
    return kept or None


def _concerns(made: Composed, sketch: CaseSketch) -> list[dict[str, Any]] | None:
    kept: list[dict[str, Any]] = []
    taken: set[str] = set()
    for item in sketch.concerns:
        what, proof = made.checking.claim(item, "担心")
        if what is not None:
            made.note(
                ("concerns", len(kept)), *proof, "待填：怎样的话算说清（answered_by）、示范一句（answer），照规定写"
            )
            name = slug(item.id, taken, f"concern_{len(kept) + 1}")
            say = made.checking.lines(item.say) or None
            kept.append({"id": name, "what": {"zh": what}, "say": say, "answered_by": None, "answer": None})
    made.todo.append(Said("concerns：每一件怎样算说清，示范一句", "concerns: what settles each, with a sentence"))
    if not kept:
        made.note(("concerns",), "待填：不说清就不肯答应的事，至少一件")
    return kept or None


def _ways(made: Composed, sketch: CaseSketch) -> list[dict[str, Any]] | None:
    kept: list[dict[str, Any]] = []
    for item in sketch.ways:
        what, proof = made.checking.claim(item, "办法", staff=True, any_role=True)
        if what is not None:
            made.note(("resolutions", len(kept)), *proof, "待填：合不合规定；坐席怎么说（say）、认得出的词（cues）")
            kept.append({"id": f"way_{len(kept) + 1}", "what": {"zh": what}, "say": None, "cues": None})
    made.todo.append(
        Said("resolutions：至少两个规定以内的办法，各写一句怎么说", "resolutions: at least two, within the rules")
    )
    if not kept:
        made.note(("resolutions",), "待填：规定以内的办法，至少两个")
    return kept or None


def _trap(made: Composed, sketch: CaseSketch) -> None:
    what, proof = made.checking.claim(sketch.trap, "陷阱", staff=True, any_role=True)
    made.data["trap"] = {"what": what, "say": None, "cues": None, "why": None}
    made.note(("trap",), *proof, "待填：好听但不能说的那句话、认得出的词、为什么不许，照规定写")
    made.todo.append(Said("trap：那句不能说的话，和为什么", "trap: the forbidden sentence, and why"))


def _house(made: Composed, sketch: CaseSketch, known: Mapping[str, list[str]]) -> None:
    must_not: list[str] = []
    for item in sketch.must_not:
        text, proof = made.checking.claim(item, "不能答应的", staff=True, any_role=True)
        if text is not None:
            made.note(("knowledge", "must_not", len(must_not)), *proof)
            must_not.append(text)
    made.data["knowledge"] = {"customer": None, "record": None, "rules": None, "must_not": must_not or None}
    made.note(
        ("knowledge",),
        "待填：学员看得到的资料（机主、套餐、账单、工单记录）都由您写，数字照 operator.yaml",
        f"规定的编号从这里挑：{'、'.join(known['rules'])}",
    )
    made.todo.append(Said("knowledge：客户资料、记录、规定编号", "knowledge: customer, record, ids of rules"))


def _coaching(made: Composed, sketch: CaseSketch) -> dict[str, Any]:
    words = made.checking.words
    made.note(("coaching",), "模型拟的：念一遍，真说得出口的才留；explain 要说清原因，由您写")
    made.todo.append(Said("coaching.explain：一句说清原因的话", "coaching.explain: one sentence that gives the cause"))
    return {
        "empathise": [words(one, staff=True) for one in sketch.empathise if one.strip()] or None,
        "restate": words(sketch.restate, staff=True) or None,
        "explain": None,
        "narrate": words(sketch.narrate, staff=True) or None,
        "reframe": words(sketch.reframe, staff=True) or None,
        "close": words(sketch.close, staff=True) or None,
    }


def _story(made: Composed, sketch: CaseSketch, *, call: bool) -> None:
    """The customer's manner and the point where it went wrong have no field: they stand on top, for choosing the persona."""
    for item in sketch.manner:
        text, proof = made.checking.claim(item, "客户的样子")
        if text is not None:
            made.note(("personas",), f"客户的样子：{text}（{''.join(proof)}）")
    text, proof = made.checking.claim(sketch.went_wrong, "变坏的地方", any_role=True)
    if text is not None:
        made.note(("id",), f"{'这通电话从这里变坏' if call else '最容易出错的地方'}：{text}（{''.join(proof)}）")


def compose_rubric(sketch: RubricSketch, name: str, checking: Checking) -> Composed:
    made = Composed(checking)
    made.data |= {
        "id": name,
        "name": {"zh": checking.words(sketch.name)},
        "summary": {"zh": checking.words(sketch.summary)},
    }
    made.data |= {"version": 1, "kind": "score", "pass_mark": 60}
    criteria: list[dict[str, Any]] = []
    taken: set[str] = set()
    for criterion in sketch.criteria:
        here = ("criteria", len(criteria))
        own = slug(criterion.id, taken, f"criterion_{len(criteria) + 1}")
        checks: list[dict[str, Any]] = []
        for check in criterion.checks:
            ask, proof = checking.claim(check, "检查点", staff=True)
            if ask is not None:
                made.note((*here, "checks", len(checks)), *proof)
                checks.append(
                    _check(
                        made, check, ask, slug(check.id, taken, f"check_{len(taken)}"), (*here, "checks", len(checks))
                    )
                )
        if checks:
            criteria.append({"id": own, "name": {"zh": checking.words(criterion.name)}, "checks": checks})
    made.data["criteria"] = criteria or None
    made.todo.append(
        Said("每个检查点的分量（weight、penalty）和代码怎么判（rule）", "weights, penalties and rules of the checks")
    )
    return made


def _check(made: Composed, check: CheckSketch, ask: str, name: str, here: tuple[str | int, ...]) -> dict[str, Any]:
    words = made.checking.words
    data: dict[str, Any] = {"id": name, "ask": {"zh": ask}, "kind": check.kind}
    data |= {"penalty": 10} if check.kind == "violation" else {"weight": 1}
    data["teaches"] = made.checking.rows(check.teaches)
    for key in ("yes_when", "no_when", "na_when", "look_at"):
        data[key] = {"zh": words(getattr(check, key), staff=True)}
    for key in ("good", "bad"):
        if text := words(getattr(check, key), staff=True):
            data[key] = text
    moves = [move.value for move in dict.fromkeys(check.moves)]
    data["rule"] = {"found": {"moves": moves}} if moves else None
    if not moves:
        made.note((*here, "rule"), "待填：代码怎么判（found、spoken、order、reply、sequence、measure 六选一）")
    return data
