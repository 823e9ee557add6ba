"""Which row of the training is taught where: docs/material-coverage.md, generated from the files' `teaches`.

What no content file can hold (the recovery card, the report's headings) is named here with the place that holds it; what
text can't show at all is said to be so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import yaml

from coach.content.library import Library
from coach.content.mistakes import Mistake, Said

PAGE = Path("docs") / "material-coverage.md"
HEAD = """# 培训内容覆盖 · Material coverage

由 `coach check --coverage` 从各文件的 `teaches` 生成，不要手改。一行一样培训内容；空格就是还没有这一类东西在教它。
Generated from the content files by `coach check --coverage`; don't edit. One row for each thing the training teaches.

| 行 row | 教什么 what | 画像 personas | 案例 cases | 检查点 checks | 动作 moves | 别处 elsewhere |
|---|---|---|---|---|---|---|
"""
RECOVERY = "`recovery.yaml` 恢复卡 recovery card"
ELSEWHERE = {
    **dict.fromkeys(("A1", "A2", "A3", "A5", "A6", "A7"), RECOVERY),
    "D5": "通话后的工单 work order after the call",
    "F1": "数字密度、最长一轮 digits and longest turn (facts)",
    "F4": "`lexicon.yaml` 用语表 lexicon",
    "G4": "报告里的情绪曲线 mood curve of the report",
    "G6": "等待消耗耐心 waits cost patience (customer)",
    "H8": "练习时的阶段显示 stage shown during the call",
    "I1": "自己写画像和案例 personas and cases by trainers",
    "I2": "报告的三问 the report's three questions",
    "I3": "`coach evaluate` 流水评估 grading transcripts",
    "I5": "报告下的心得 learning note under the report",
    "I6": "问教练 asking about this call",
}
"""Rows and the part of the product that takes them up besides content files."""
NOT_IN_TEXT = {
    "F8": "文字看不出来：语音语调要听声音，本产品不评 · text can't show it: tone of voice is not judged",
    "F9": "文字看不出来：姿态和微笑要看人听声，本产品不评 · text can't show it: posture and smile are not judged",
}
"""Rows that a written call can't show; said openly instead of pretending."""


def catalogue(folder: Path) -> dict[str, str]:
    """Row id to a short title."""
    return dict(yaml.safe_load((folder / "catalogue.yaml").read_text("utf-8")))


def taught(library: Library) -> dict[str, dict[str, list[str]]]:
    """Row -> kind of content -> ids that teach it."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for persona in library.personas.values():
        for row in persona.teaches:
            found[row]["persona"].append(persona.id)
    for case in library.cases.values():
        for row in case.teaches:
            found[row]["case"].append(case.id)
    for rubric in library.rubrics.values():
        for check in rubric.checks:
            for row in check.teaches:
                found[row]["check"].append(f"{rubric.id}.{check.id}")
    for move in library.vocabulary.moves:
        for row in move.teaches:
            found[row]["move"].append(move.id.value)
    return found


def coverage_page(library: Library, folder: Path) -> str:
    """The page as Markdown."""
    rows = taught(library)
    lines = []
    for row, title in catalogue(folder).items():
        cells = [_cell(rows[row][kind]) for kind in ("persona", "case", "check", "move")]
        lines.append(f"| {row} | {title} | {' | '.join(cells)} | {NOT_IN_TEXT.get(row) or ELSEWHERE.get(row, '')} |")
    return HEAD + "\n".join(lines) + "\n"


def untaught(library: Library, folder: Path, sections: Iterable[str], kinds: Iterable[str] = ()) -> list[str]:
    """Rows of these sections (a letter, or a row) that no file teaches, with `kinds` none of these kinds; without those text can't show."""
    rows, wanted = taught(library), set(sections)
    return [
        row
        for row in catalogue(folder)
        if (row in wanted or row[0] in wanted)
        and row not in NOT_IN_TEXT
        and not any(rows[row][kind] for kind in (tuple(kinds) or ("persona", "case", "check", "move")))
    ]


def write_coverage(library: Library, folder: Path) -> bool:
    """Write the page; whether it changed."""
    page, path = coverage_page(library, folder), folder / PAGE
    if path.is_file() and path.read_text("utf-8") == page:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return True


def stale_coverage(library: Library, folder: Path) -> list[Mistake]:
    """A warning when the page is not what the files say. A folder without the page has none to keep."""
    path = folder / PAGE
    if not path.is_file() or path.read_text("utf-8", errors="replace") == coverage_page(library, folder):
        return []
    found = Said("和内容文件不一致的覆盖页", "a coverage page that is not what the files say")
    hint = Said("运行 coach check --coverage 重新生成", "write it again with coach check --coverage")
    return [Mistake(PAGE.as_posix(), 1, "", found, hint=hint, level="warning")]


def _cell(ids: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in ids[:6])
    return f"{shown} … (+{len(ids) - 6})" if len(ids) > 6 else shown
