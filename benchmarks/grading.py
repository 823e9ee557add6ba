"""What grading is worth, measured: offline floors on public data, attacks, clean calls, and what the judge's prompts repeat.

    python benchmarks/grading.py [--data FOLDER]

The public data (../shared/data beside the checkout) is measured on and nothing else; without it that part says so and is left
out. Trivial features are printed beside every figure: a grader that is no better than counting is no grader.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "grading"), str(ROOT / "tests"), str(ROOT / "benchmarks")]

from appraisal import ACTS  # noqa: E402
from attack_helpers import attacks, raised  # noqa: E402

from coach.content.library import Library  # noqa: E402
from coach.content.moves import FEELING, MoveId  # noqa: E402
from coach.grading import heard as hearing  # noqa: E402
from coach.grading.agreement import spearman, wilson  # noqa: E402
from coach.grading.gold import read_gold  # noqa: E402
from coach.grading.grader import Grader  # noqa: E402
from coach.grading.hollow import Earned  # noqa: E402
from coach.models.scripted import ScriptedModel  # noqa: E402
from coach.records.call import Speaker  # noqa: E402
from coach.records.grade import Grade, Line, Transcript  # noqa: E402
from coach.understanding.corpus import read_folder  # noqa: E402
from coach.understanding.embedded import EmbeddedAppraiser  # noqa: E402

LIBRARY = Library.load(ROOT)
RUBRICS = list(LIBRARY.rubrics.values())
READER = EmbeddedAppraiser()
GRADER = Grader(LIBRARY.vocabulary, READER, lexicon=LIBRARY.lexicon)
GOLD = read_gold(ROOT / "tests" / "grading" / "gold")
PLAIN = {
    "heeded": lambda call: call,
    "hollow": lambda call, words="", repeats=True: {},
    "earned": lambda line, spans, again, appraisal, reread=None: Earned(appraisal),
    "too_early": lambda words, appraisal: words,
    "before_the_start": lambda call, found: dict(found),
    "after_the_end": lambda call, found: {at: Earned(item) for at, item in found.items()},
}
"""Hearing without any hardening."""


def graded(call: Transcript) -> Grade:
    return GRADER.grade_offline(call, RUBRICS)


def without_hardening(call: Transcript) -> Grade:
    with patch.multiple(hearing, **PLAIN):
        return graded(call)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def call_of(row: dict[str, Any]) -> Transcript:
    return Transcript(id=row["id"], turns=tuple(Line(role=turn["role"], text=turn["text"]) for turn in row["turns"]))


# ---- public data


def helpdesk(path: Path) -> None:
    """Scores against the mean of 19 raters."""
    found = rows(path)
    calls = [call_of(row) for row in found]
    grades = [graded(call) for call in calls]
    labels = list(found[0]["labels"])
    print(f"\nhelpdesk dialogues: {len(calls)}, rank correlation with the raters' mean (n with a score)")
    print(f"  {'':34}" + "".join(f"{label[:22]:>24}" for label in labels))

    def line(name: str, values: Sequence[float | None]) -> None:
        shown = []
        for label in labels:
            pairs = [
                (value, row["labels"][label]["mean"])
                for value, row in zip(values, found, strict=True)
                if value is not None
            ]
            rho = spearman([one for one, _ in pairs], [other for _, other in pairs])
            shown.append("–" if rho is None else f"{rho:+.2f} ({len(pairs)})")
        print(f"  {name:34}" + "".join(f"{text:>24}" for text in shown))

    line("score over all rubrics", [grade.score for grade in grades])
    line("  minus faults found", [-len(grade.violations) for grade in grades])
    line("  minus upset of the customer's last line", [-grade.facts["end_upset"] for grade in grades])
    line("  minus upset lines of the customer", [-grade.facts["upset_lines"] for grade in grades])
    for at, rubric in enumerate(RUBRICS):
        if rubric.kind == "score":
            line(f"  {rubric.id}", [grade.rubrics[at].score for grade in grades])
    for name, count in FEATURES.items():
        line(f"trivial: {name}", [count(call) for call in calls])
    print("  published: one human against the others 0.42 / 0.49 / 0.38; best trivial feature 0.31 / 0.39 / 0.33")


def _said(call: Transcript, role: str) -> str:
    return "".join(line.text for line in call.turns if line.role == role)


FEATURES: dict[str, Callable[[Transcript], float]] = {
    "characters of the agent": lambda call: len(_said(call, "agent")),
    "characters of all": lambda call: sum(len(line.text) for line in call.turns),
    "turns": lambda call: len(call.turns),
    "谢谢 by the customer": lambda call: _said(call, "customer").count("谢"),
    "谢谢 by the agent": lambda call: _said(call, "agent").count("谢"),
    "minus !? by the customer": lambda call: -sum(_said(call, "customer").count(sign) for sign in "!?！？"),
}


def empathy(path: Path) -> None:
    found = rows(path)
    texts = [call_of(row).turns[-1].text for row in found]
    kinds = [READER.appraise(text, before=[]).kinds for text in texts]
    labels = [row["labels"]["empathy"] for row in found]
    print(
        f"\nsupportive utterances, machine-translated: {len(texts)}, rank correlation with empathy 0–2 (smoke test only)"
    )
    for name, values in (
        ("moves for the feeling", [len(kind & FEELING) for kind in kinds]),
        ("sympathy found", [MoveId.EMPATHISE in kind for kind in kinds]),
        ("trivial: characters", [len(text) for text in texts]),
        ("trivial: question marks", [text.count("？") + text.count("?") for text in texts]),
    ):
        rho = spearman([float(value) for value in values], [float(label) for label in labels])
        print(f"  {name:34}{'–' if rho is None else f'{rho:+.2f}':>8}")


def acts(path: Path) -> None:
    """Per act F1 of the moves that fit it; several moves in a line may fit several acts."""
    right, said, there = Counter[str](), Counter[str](), Counter[str]()
    for row in rows(path):
        *before, target = [
            (Speaker.TRAINEE if t["role"] == "agent" else Speaker.CUSTOMER, t["text"]) for t in row["turns"]
        ]
        kinds = READER.appraise(target[1], before=before).kinds
        act = row["labels"]["act"]
        there[act] += 1
        for name, moves in ACTS.items():
            if kinds & moves:
                said[name] += 1
                right[name] += act == name
    scores = {name: 2 * right[name] / (said[name] + there[name]) for name in ACTS if there[name]}
    print(
        f"\nspeech acts of television talk: {sum(there.values())} lines, macro F1 {sum(scores.values()) / len(scores):.2f} over {len(scores)} acts"
    )
    print("  " + "  ".join(f"{name} {score:.2f}" for name, score in scores.items()))
    print("  published keyword floor: macro F1 0.47 over 12 acts (not the same task: ours finds moves, several a line)")


# ---- attacks and clean calls


def hardening(data: Path) -> None:
    calls = [call.transcript for call in GOLD]
    print(f"\nattacks: {len(attacks())} on {len(calls)} gold calls = {len(attacks()) * len(calls)} attacked calls")
    for name, grade in (("hardened", graded), ("not hardened", without_hardening)):
        won = Counter(
            attack.kind
            for attack in attacks()
            for call in calls
            if raised(grade(attack.before(call)), grade(attack.after(call)))
        )
        share = sum(won.values()) / (len(attacks()) * len(calls))
        print(f"  {name:14} raised {sum(won.values()):4} ({share:.1%})  {dict(won)}")
    clean: dict[str, list[Transcript]] = {"gold calls": calls}
    clean["labelled calls of our own"] = [
        Transcript(
            id=str(at),
            turns=tuple(
                Line(role="agent" if t.speaker is Speaker.TRAINEE else "customer", text=t.text) for t in call.turns
            ),
        )
        for at, call in enumerate(read_folder(ROOT / "moves" / "calls"))
    ]
    helpdesk_file = data / "stc3_helpdesk_zh" / "dev.jsonl"
    if helpdesk_file.is_file():
        clean["helpdesk dialogues"] = [call_of(row) for row in rows(helpdesk_file)]
    for name, every in clean.items():
        pairs = [(graded(call), without_hardening(call)) for call in every]
        moved = [(one.score or 0) - (other.score or 0) for one, other in pairs if _figures(one) != _figures(other)]
        mean = sum(moved) / len(every)
        print(f"  clean {name:28} {len(moved)} of {len(every)} moved, mean change {mean:+.2f} points")


def _figures(grade: Grade) -> tuple[Any, ...]:
    return grade.score, [item.score for item in grade.rubrics], [hit.check for hit in grade.gates]


# ---- the judge's prompts


async def _prompts(calls: Iterable[Any], passes: int) -> list[str]:
    model = ScriptedModel(lambda _: {"violations": [], "merits": []})
    grader = Grader(LIBRARY.vocabulary, READER, judge=model, lexicon=LIBRARY.lexicon, judge_passes=passes)
    told: list[str] = []
    for call in calls:
        await grader.grade_transcript(call.transcript, _rubrics_of(call.id))
        # the second request of each question only repairs the scripted, empty answer
        told += [
            "\n".join(message.content for message in asked.messages)
            for asked in model.requests
            if len(asked.messages) == 2
        ]
        model.requests.clear()
    return told


def _rubrics_of(call: str) -> list[Any]:
    """The rubrics that fit the gold call, and the red lines."""
    for file in sorted((ROOT / "tests" / "grading" / "gold").glob("*.jsonl")):
        for row in rows(file):
            if row["id"] == call:
                wanted = set(row.get("rubrics", [])) or set(row["expected"])
                return [rubric for rubric in RUBRICS if rubric.id in wanted or rubric.kind == "red_lines"]
    return RUBRICS


def repeated(prompts: Sequence[str]) -> float:
    """The share of all characters that lie in the longest beginning shared with an earlier prompt."""
    again = 0
    for at, prompt in enumerate(prompts):
        again += max((_common(prompt, other) for other in prompts[:at]), default=0)
    return again / sum(map(len, prompts))


def _common(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def prompts() -> None:
    print(f"\nthe judge's prompts, {len(GOLD)} gold calls with the rubrics of each")
    for passes in (1, 2):
        told = asyncio.run(_prompts(GOLD, passes))
        alone = [repeated(asyncio.run(_prompts([call], passes))) for call in GOLD]
        print(
            f"  {passes} pass{'es' if passes > 1 else ' '}: {len(told) / len(GOLD):.1f} requests and "
            f"{sum(map(len, told)) / len(GOLD):,.0f} characters a call; repeated beginning: "
            f"{sum(alone) / len(alone):.0%} within one call, {repeated(told):.0%} over all calls"
        )


def gold() -> None:
    pairs = [
        (
            expected,
            {(one.rubric, v.check): v.answer for one in graded(call.transcript).rubrics for v in one.verdicts}.get(
                place
            ),
        )
        for call in GOLD
        for place, expected in call.expected.items()
    ]
    right = sum(one == other for one, other in pairs)
    low, high = wilson(right, len(pairs))
    print(
        f"gold: {right} of {len(pairs)} expected verdicts found offline = {right / len(pairs):.1%} [{low:.1%} {high:.1%}]"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Grading: floors, attacks, prompts.")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the public data")
    data: Path = parser.parse_args().data
    gold()
    for name, show in (("stc3_helpdesk_zh", helpdesk), ("empathy_utterance_zh", empathy), ("dialogue_acts_zh", acts)):
        file = data / name / "dev.jsonl"
        if file.is_file():
            show(file)
        else:
            print(f"\n{name}: left out, there is no such data beside the checkout (--data FOLDER)")
    hardening(data)
    prompts()


if __name__ == "__main__":
    main()
