"""The `coach` command. Each command lives in a file of its own and imports what is heavy only when it runs."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer

from coach.errors import CoachError

COMMANDS = {
    "run": "coach.cli.run:run",
    "try": "coach.cli.try_out:try_out",
    "accept": "coach.cli.accept:accept",
    "check": "coach.cli.check:check",
    "draft": "coach.cli.draft:draft",
    "import": "coach.cli.import_card:import_card",
    "export": "coach.cli.export_card:export_card",
    "new": "coach.cli.new:new",
    "principle": "coach.cli.principle:principle_app",
    "appraise": "coach.cli.appraise:appraise",
    "evaluate": "coach.cli.evaluate:evaluate",
    "grade": "coach.cli.grade_cmd:grade",
    "calibrate": "coach.cli.calibrate:calibrate",
    "report": "coach.cli.report:report",
    "correct": "coach.cli.correct:correct",
    "user": "coach.cli.user:user_app",
    "classifier": "coach.cli.classifier:classifier_app",
}


def build_app(only: str | None = None) -> typer.Typer:
    """The commands on one app; with `only` just that one, so that a command pays for no other's imports."""
    app = typer.Typer(
        name="coach",
        help="热线客服情景陪练 · Role-play coach for hotline agents.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name, place in COMMANDS.items():
        if only is not None and name != only:
            continue
        module, attribute = place.split(":")
        target: Any = getattr(import_module(module), attribute)
        if isinstance(target, typer.Typer):
            app.add_typer(target, name=name)
        else:
            app.command(name)(target)
    app.callback()(_no_options)  # keeps the command's name on the line also when it is the only one loaded
    return app


def _no_options() -> None:
    """热线客服情景陪练 · Role-play coach for hotline agents."""


def main() -> None:
    """Entry point: a failure with a name reaches the person as a sentence, without a traceback."""
    try:
        asked = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] in COMMANDS else None
        build_app(asked)()
    except CoachError as error:
        print(f"{error.zh}\n{error.en}" if error.en != error.zh else error.zh, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
