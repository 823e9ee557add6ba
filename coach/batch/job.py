"""A job: how a batch grades. Everything a result depends on besides its transcript, in a form that can go to other processes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from coach import __version__
from coach.content.for_grading import GradingContent, load_for_grading, operator_of
from coach.content.lexicon import Lexicon
from coach.content.library import Library, content_hash
from coach.content.moves import Vocabulary
from coach.content.rubric import Rubric
from coach.errors import NotFound
from coach.grading.house import NO_HOUSE, House, house_of_operator
from coach.prompts.render import load_prompt
from coach.settings import Settings

if TYPE_CHECKING:
    from coach.grading.grader import Grader


@dataclass(frozen=True)
class Judging:
    """Who judges. `provider` and `json_means` as configured: another way of asking may give other answers."""

    model: str
    provider: str
    temperature: float
    json_means: str | None = None
    passes: int = 1


@dataclass(frozen=True)
class Job:
    """`judge` is None offline: checks are decided from moves and rules. `house`: rules that the judge is shown beside each call."""

    rubrics: tuple[Rubric, ...]
    vocabulary: Vocabulary
    lexicon: Lexicon
    judge: Judging | None
    votes: int = 1
    language: str = "zh"
    house: House = NO_HOUSE

    @classmethod
    def of(
        cls,
        settings: Settings,
        rubrics: Sequence[str] = ("all",),
        *,
        offline: bool = False,
        votes: int = 1,
        language: str = "zh",
        house_rules: bool = False,
    ) -> Job:
        """From settings and names of rubrics; offline also when no model is configured. `house_rules`: those of operator.yaml.

        Raises:
            ContentError: the content folder has mistakes. NotFound: no rubric of that name.
        """
        library = load_for_grading(settings.content)
        judge = None
        if settings.model_configured and not offline:
            model = settings.model_for("judge") or ""
            judge = Judging(
                model,
                settings.provider_id,
                settings.temperature_for("judge"),
                settings.json_means,
                settings.judge_passes,
            )
        chosen = tuple(chosen_rubrics(library, rubrics))
        house = house_of_operator(operator_of(settings.content)) if judge and house_rules else NO_HOUSE
        return cls(chosen, library.vocabulary, library.lexicon, judge, votes if judge else 1, language, house)

    @property
    def offline(self) -> bool:
        return self.judge is None

    @property
    def conditions(self) -> dict[str, Any]:
        """What makes a run: the same conditions and the same transcript give the same result (as far as the model does)."""
        common: dict[str, Any] = {
            "coach_version": __version__,
            "offline": self.offline,
            "rubrics": {rubric.id: content_hash(rubric) for rubric in self.rubrics},
            "lexicon": content_hash(self.lexicon),
            "weights": _weights_hash(),
            "language": self.language,
        }
        if self.judge is None:
            return common
        return common | {
            "votes": self.votes,
            "model": self.judge.model,
            "provider": self.judge.provider,
            "temperature": self.judge.temperature,
            "json": self.judge.json_means,
            "prompt": load_prompt("judge").hash,
            **({"passes": self.judge.passes} if self.judge.passes != 1 else {}),
            **({"house": _hash_of(self.house)} if self.house else {}),
        }

    def grader(self) -> Grader:
        """What finishes the grades of this job. It can't ask the judge."""
        # imported here, because whoever only asks does without
        from coach.grading.grader import Grader
        from coach.understanding.embedded import EmbeddedAppraiser

        reader = EmbeddedAppraiser()
        if self.judge is None:
            return Grader(self.vocabulary, reader, lexicon=self.lexicon)
        absent = _Absent(self.judge.model)
        return Grader(
            self.vocabulary, reader, absent, self.judge.temperature, self.lexicon, self.judge.passes, self.house
        )


class _Absent:
    """The judge's name where the judge isn't asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def complete(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("this process only finishes grades")

    def stream(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError("this process only finishes grades")


def chosen_rubrics(library: Library | GradingContent, names: Sequence[str]) -> list[Rubric]:
    """The named rubrics (`all` for every one) and always the red lines.

    Raises:
        NotFound: no rubric of that name, with the nearest ones.
    """
    wanted = [part.strip() for name in names for part in name.split(",") if part.strip()]
    if not wanted:
        raise NotFound("没有写评分表的编号；全部就写 all。", "No rubric was named; all of them is: all.")
    scored = (
        list(library.rubrics.values()) if "all" in wanted else [library.rubric(name) for name in dict.fromkeys(wanted)]
    )
    lines = [rubric for rubric in library.rubrics.values() if rubric.kind == "red_lines" and rubric not in scored]
    return [*scored, *lines]


def _hash_of(house: House) -> str:
    return hashlib.sha256("\n".join((*house.rules, *house.must_not)).encode()).hexdigest()


@lru_cache(maxsize=1)
def _weights_hash() -> str:
    return hashlib.sha256(files("coach.understanding").joinpath("weights.npz").read_bytes()).hexdigest()
