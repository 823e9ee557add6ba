"""`coach check`: every mistake in the content files at once, with file, line, field, what was found and what is allowed."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from coach.content.mistakes import Mistake


def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="内容文件夹，默认 COACH_CONTENT；或一个草稿文件 · content folder, or one draft", show_default=False
        ),
    ] = None,
    schemas: Annotated[
        bool, typer.Option("--schemas", help="重写 schemas/*.json · write the editors' schemas")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="重写 docs/material-coverage.md · write the coverage page")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")] = False,
) -> None:
    """检查客户画像、案例、评分表：一次列出所有要改的地方 · Check the content files."""
    from coach.content.schemas import stale_schemas, write_schemas
    from coach.content.survey import survey

    folder = folder if folder is not None else _configured()
    if folder.is_file():
        _check_one(folder, as_json=as_json)
        return
    written = write_schemas(folder) if schemas else []
    found = survey(folder)
    mistakes = [*found.mistakes, *stale_schemas(folder)]
    if not found.errors and (folder / "catalogue.yaml").is_file():
        written += _coverage(folder, mistakes, write=coverage)
    if as_json:
        typer.echo(_as_json(found.files, mistakes))
    else:
        for path in written:
            typer.echo(f"已写 {path.relative_to(folder)} · written")
        typer.echo(_as_text(found.files, mistakes))
    if found.errors:
        raise typer.Exit(1)


def _check_one(path: Path, *, as_json: bool) -> None:
    """One file, wherever it lies, against the configured content: for drafts that are not content yet."""
    from coach.authoring.draft_file import kind_of_file, read_bytes
    from coach.authoring.kinds import FOLDERS
    from coach.content.survey import survey, survey_one

    raw = read_bytes(path)
    kind = kind_of_file(path, raw.decode("utf-8", errors="replace"))
    folder = _configured()
    inside = f"{FOLDERS[kind]}/{path.stem}.yaml"
    _, mistakes = survey_one(survey(folder), folder, FOLDERS[kind], inside, raw)
    mistakes = [replace(mistake, file=str(path)) for mistake in mistakes]
    typer.echo(_as_json(1, mistakes) if as_json else _as_text(1, mistakes))
    if _counts(mistakes)[0]:
        raise typer.Exit(1)


def _coverage(folder: Path, mistakes: list[Mistake], *, write: bool) -> list[Path]:
    """The coverage page if it was written; else a warning among the mistakes when it is not current."""
    from coach.content.coverage import PAGE, stale_coverage, write_coverage
    from coach.content.library import Library

    library = Library.load(folder)
    if write:
        return [folder / PAGE] if write_coverage(library, folder) else []
    mistakes += stale_coverage(library, folder)
    return []


def _configured() -> Path:
    from coach.settings import Settings

    return Settings.load().content


def _counts(mistakes: list[Mistake]) -> tuple[int, int]:
    errors = sum(mistake.level == "error" for mistake in mistakes)
    return errors, len(mistakes) - errors


def _as_json(files: int, mistakes: list[Mistake]) -> str:
    errors, warnings = _counts(mistakes)
    data = {
        "ok": errors == 0,
        "files": files,
        "errors": errors,
        "warnings": warnings,
        "mistakes": [mistake.to_json() for mistake in mistakes],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _as_text(files: int, mistakes: list[Mistake]) -> str:
    lines = []
    for _, group in groupby(mistakes, key=lambda mistake: mistake.file):
        for mistake in group:
            lines += [mistake.say("zh"), f"    {mistake.say('en')}"]
        lines.append("")
    errors, warnings = _counts(mistakes)
    if not mistakes:
        return f"{files} 个文件，没有要改的地方。\n{files} files, nothing to mend."
    lines.append(f"{files} 个文件：{errors} 处错误，{warnings} 处提醒。")
    lines.append(f"{files} files: {errors} errors, {warnings} warnings.")
    return "\n".join(lines)
