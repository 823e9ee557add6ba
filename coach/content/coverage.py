"""Which row of the training is taught where: docs/material-coverage.md, generated from the files' `teaches`."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import yaml

from coach.content.library import Library

PAGE = Path("docs") / "material-coverage.md"
HEAD = """# 培训内容覆盖 · Material coverage

由 `coach check --coverage` 从各文件的 `teaches` 生成，不要手改。Generated from the content files; don't edit.

| 行 row | 教什么 what | 画像 personas | 案例 cases | 检查点 checks | 动作 moves |
|---|---|---|---|---|---|
"""


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
        cells = (_cell(rows[row][kind]) for kind in ("persona", "case", "check", "move"))
        lines.append(f"| {row} | {title} | {' | '.join(cells)} |")
    return HEAD + "\n".join(lines) + "\n"


def untaught(library: Library, folder: Path, sections: str) -> list[str]:
    """Rows of these sections (first letters) that no file teaches."""
    rows = taught(library)
    return [row for row in catalogue(folder) if row[0] in sections and not rows.get(row)]


def _cell(ids: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in ids[:6])
    return f"{shown} … (+{len(ids) - 6})" if len(ids) > 6 else shown
