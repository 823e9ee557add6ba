"""In which order the first things were said, counted in lines of the call from 1, and 0 for never."""

from __future__ import annotations

import re
from functools import lru_cache

from coach.content.moves import RESOLVING
from coach.content.moves import MoveId as M
from coach.grading.heard import Heard, sentences_of

FEELING_FIRST = (M.EMPATHISE, M.APOLOGISE, M.OWN_FAULT)
MATTER = tuple(RESOLVING | {M.EXPLAIN, M.INFORM, M.COLD_POLICY})
QUESTION = (M.ASK_OPEN, M.ASK_CLOSED)
_WAITS = re.compile(r"稍等|稍候|稍微等|请等|您?等(一下|一会|我一下|下)|别挂|不要挂")
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]{2,}|[一二两三四五六七八九十](?=[元块毛兆天个月年号点])"
)


def first_words(heard: Heard) -> dict[str, int]:
    """Line numbers: the first strong feeling of the customer, the first answer to it, the first question, the first of what is done
    about the matter. Beside them waits, and the most figures in one sentence.
    """
    upset = heard.lines("upset")
    return {
        "first_upset_line": upset[0] + 1 if upset else 0,
        "first_feeling_line": _first(heard, FEELING_FIRST),
        "first_question_line": _first(heard, QUESTION),
        "first_matter_line": _first(heard, MATTER),
        "waits": sum(1 for said in heard.said if _WAITS.search(said.text)),
        "digits_per_sentence_max": _densest_sentence(heard),
    }


@lru_cache(maxsize=512)
def figures(text: str) -> int:
    """How many figures are said: amounts, dates, durations, numbers."""
    return len(_FIGURE.findall(text))


def _densest_sentence(heard: Heard) -> int:
    most = 0
    for said in heard.said:
        if figures(said.text) > most:  # a sentence holds no more than its turn
            most = max([most, *(len(_FIGURE.findall(sentence)) for sentence in sentences_of(said.text))])
    return most


def _first(heard: Heard, moves: tuple[M, ...]) -> int:
    shown = heard.all_shown(moves)
    return shown[0].turn + 1 if shown else 0
