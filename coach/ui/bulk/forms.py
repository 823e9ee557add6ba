"""What the forms send, read into an order: columns, speakers, rubrics, how, pace. Everything comes from the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from coach.batch.mapping import FIELDS as COLUMNS
from coach.batch.mapping import NONE
from coach.batch.records import Role
from coach.content.rubric import Rubric
from coach.errors import InputError
from coach.ui.bulk.folders import Order
from coach.ui.bulk.render import bulk_wording

MOST_SPEAKERS, MOST_RUBRICS = 20, 40
MAPS = tuple(f"map_{name}" for name in COLUMNS)
SPEAKERS = tuple(f"speaker{place}" for place in range(MOST_SPEAKERS))
RUBRICS = tuple(f"rubric{place}" for place in range(MOST_RUBRICS))
VOTES = (1, 3, 5)
NUMBERS = {"concurrency": (1, 256), "rpm": (1, 100_000), "limit": (1, 10_000_000)}
FIELDS = (*MAPS, *SPEAKERS, *RUBRICS, *NUMBERS, "votes", "how")


def with_mapping(order: Order, sent: Mapping[str, str], look: Sequence[Mapping[str, Any]]) -> Order:
    """The order with columns and speakers as chosen; only columns that a file has, and speakers that were asked for."""
    known = {name for file in look for name in file["header"]} | {NONE}
    columns = {name: sent[f"map_{name}"] for name in COLUMNS if sent.get(f"map_{name}", "") in known}
    speakers: dict[str, Role] = {}
    for field, name in zip(SPEAKERS, order.asked, strict=False):
        side = sent.get(field, "")
        if side == "agent" or side == "customer":
            speakers[name] = "agent" if side == "agent" else "customer"
    return order.model_copy(update={"columns": columns, "speakers": speakers})


def with_asked(order: Order, names: Sequence[str]) -> Order:
    """Also asks for these speakers, each once."""
    return order.model_copy(update={"asked": tuple(dict.fromkeys([*order.asked, *names]))[:MOST_SPEAKERS]})


def with_choices(
    order: Order, sent: Mapping[str, str], rubrics: Sequence[Rubric], *, model: bool, language: Literal["zh", "en"]
) -> Order:
    """The order with what is to be graded and how.

    Raises:
        InputError: no rubric, or a number that can't be used.
    """
    ids = {rubric.id for rubric in rubrics}
    chosen = tuple(dict.fromkeys(sent[field] for field in RUBRICS if sent.get(field) in ids))
    if not chosen:
        raise _mistake("fault.no_rubric")
    votes = sent.get("votes", "1")
    offline = not model or sent.get("how") != "model"
    return order.model_copy(
        update={
            "rubrics": chosen,
            "offline": offline,
            "votes": int(votes) if not offline and votes in map(str, VOTES) else 1,
            "language": language,
            "concurrency": _number(sent, "concurrency") or 8,
            "rpm": _number(sent, "rpm"),
            "limit": _number(sent, "limit"),
        }
    )


def unsaid(order: Order) -> list[str]:
    """Speakers that were asked for and not told."""
    return [name for name in order.asked if name not in order.speakers]


def _number(sent: Mapping[str, str], name: str) -> int | None:
    text = sent.get(name, "").strip()
    low, high = NUMBERS[name]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        said = bulk_wording()
        told = {"low": low, "high": high, "found": text[:20]}
        names = said.languages(f"choose.{name}")
        raise InputError(*(said.say("fault.number", lang, name=names[lang], **told) for lang in ("zh", "en")))
    return int(text)


def _mistake(key: str) -> InputError:
    both = bulk_wording().languages(key)
    return InputError(both["zh"], both["en"])
