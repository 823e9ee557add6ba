"""JSON Schemas of the content files, for the editors of those who write them: `schemas/*.schema.json`.

Generated from the models, never edited; `coach check --schemas` writes them.
"""

from __future__ import annotations

import json
from pathlib import Path

from coach.content.case import Case
from coach.content.lexicon import Lexicon
from coach.content.mistakes import Mistake, Said
from coach.content.moves import Vocabulary
from coach.content.operator import Operator
from coach.content.persona import Persona
from coach.content.recovery import RecoveryCard
from coach.content.rubric import Rubric
from coach.content.text import Strict

MODELS: dict[str, type[Strict]] = {
    "persona": Persona,
    "case": Case,
    "rubric": Rubric,
    "operator": Operator,
    "vocabulary": Vocabulary,
    "lexicon": Lexicon,
    "recovery": RecoveryCard,
}


def schema_text(model: type[Strict]) -> str:
    """The schema as it stands in its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write all schemas into `folder`/schemas; the files that changed."""
    target = folder / "schemas"
    target.mkdir(parents=True, exist_ok=True)
    changed = [path for path in (target / f"{name}.schema.json" for name in MODELS) if not _is_current(path)]
    for path in changed:
        path.write_text(schema_text(MODELS[_name(path)]), encoding="utf-8")
    return changed


def stale_schemas(folder: Path) -> list[Mistake]:
    """A warning for each schema file that is not what the models say. A folder without schemas/ has none to keep."""
    if not (folder / "schemas").is_dir():
        return []
    found = Said("和内容模型不一致的编辑器提示", "an editor's schema that is not what the models say")
    hint = Said("运行 coach check --schemas 重新生成", "write it again with coach check --schemas")
    paths = (folder / "schemas" / f"{name}.schema.json" for name in MODELS)
    return [
        Mistake(f"schemas/{path.name}", 1, "", found, hint=hint, level="warning")
        for path in paths
        if not _is_current(path)
    ]


def _name(path: Path) -> str:
    return path.name.removesuffix(".schema.json")


def _is_current(path: Path) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8", errors="replace") == schema_text(MODELS[_name(path)])
