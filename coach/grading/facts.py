"""Deterministic facts of a transcript: counted by code, the same every time, never a matter of opinion.

Questions count once a turn and form, as the appraisal finds them; a closed run counts every closed question in a stretch of
turns in which the trainee responds to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from coach.content.moves import FAULTS, FEELING, QUESTIONS
from coach.content.moves import MoveId as M
from coach.content.rubric import Metric
from coach.grading.first_words import figures, first_words
from coach.grading.habits import bare_waits, hard_requests, left_the_play, plain_you, repeated_turns, taken_up
from coach.grading.heard import Heard, Said, excerpt
from coach.records.grade import Evidence
from coach.understanding.clauses import split

LAYERS = (M.ASK_INFO, M.ASK_PROBLEM, M.ASK_IMPACT, M.ASK_SOLUTION)
_OPEN_WORDS = re.compile(r"怎么|怎样|如何|为什么|为啥|什么|哪些|说说|讲讲|咋")
_ASKS = re.compile(r"(吗|么|没有|没|不是|对吧|是吧)$")
_HANGS_UP = re.compile(
    r"(?:^|(?<=[，。！；,\s]))(?:那|我|就|先|只能|直接)*(?:挂了|挂断了|挂机了|挂电话了|挂断电话了)|(?:不|没法|懒得)跟[您你]说了"
)
_GOODBYE = re.compile(r"再见|拜拜|没了|没有了|没别的|就这样|不用了|不需要|谢|好的?吧?[。！]?$|挂了")
_HABITS: Mapping[str, Callable[[Heard], list[Evidence]]] = {
    "bare_waits": bare_waits,
    "hard_requests": hard_requests,
    "out_of_play": left_the_play,
    "plain_you": plain_you,
    "repeated_turns": repeated_turns,
    "taken_up": taken_up,
}
_RESPONDS = FEELING | {M.RESTATE, M.INFORM, M.EXPLAIN, M.NARRATE, M.CLARIFY, M.TAKE_NOTE, M.OFFER, M.THANK}


def facts(heard: Heard) -> dict[str, float | int]:
    """All facts by name. Counts, characters, `agent_char_share` from 0 to 1, and `end_upset`: how upset the customer's last line
    is, from 0 to 3 (G4: the end is what stays). It says how the call went, not how the trainee spoke: no check uses it. Counted
    once a call.
    """
    return dict(heard.once("facts", _counted))


def _counted(heard: Heard) -> dict[str, float | int]:
    turns, said = heard.transcript.turns, heard.said
    agent = sum(len(item.text) for item in said)
    whole = sum(len(turn.text) for turn in turns)
    counted = Counter(move for item in said for move, _ in item.words_of)
    return {
        "agent_turns": len(said),
        "customer_turns": len(heard.felt),
        "agent_chars": agent,
        "agent_char_share": round(agent / whole, 3) if whole else 0.0,
        "longest_turn_chars": max((len(item.text) for item in said), default=0),
        "digits_per_turn_max": max((figures(item.text) for item in said), default=0),
        "questions": counted[M.ASK_OPEN] + counted[M.ASK_CLOSED],
        "open_questions": counted[M.ASK_OPEN],
        "closed_questions": counted[M.ASK_CLOSED],
        "closed_run_max": max((length for length, _ in closed_runs(heard)), default=0),
        "layers_reached": sum(1 for layer in LAYERS if counted[layer]),
        "apologies": counted[M.APOLOGISE],
        "forbidden": len(heard.forbidden),
        "faults": len(heard.all_shown(FAULTS)),
        "upset_lines": len(heard.lines("upset")),
        "harassed_lines": len(heard.lines("harassed")),
        "unwarned_endings": len(unwarned_endings(heard)),
        "fillers": len(heard.fillers),
        "same_filler_max": max(Counter(hit.id for _, hit in heard.fillers).values(), default=0),
        "bare_waits": len(bare_waits(heard)),
        "repeated_turns": len(repeated_turns(heard)),
        "taken_up": len(taken_up(heard)),
        "plain_you": len(plain_you(heard)),
        "hard_requests": len(hard_requests(heard)),
        "out_of_play": len(left_the_play(heard)),
        "end_upset": heard.felt[max(heard.felt)].upset if heard.felt else 0,
        **first_words(heard),
    }


def shown_by(metric: Metric, heard: Heard) -> list[Evidence]:
    """The trainee's words behind a metric: the longest turn, the densest one, the run of questions …"""
    said = heard.said
    if metric == "unwarned_endings":
        return unwarned_endings(heard)
    if metric == "closed_run_max":
        return max(closed_runs(heard), key=lambda run: run[0], default=(0, []))[1][:3]
    if metric in ("open_questions", "questions", "layers_reached"):
        return heard.all_shown([M.ASK_OPEN] if metric == "open_questions" else QUESTIONS)[:5]
    if metric == "apologies":
        return heard.all_shown([M.APOLOGISE])[:5]
    if metric == "forbidden":
        return [Evidence(turn=turn, quote=hit.words, move=M.FORBIDDEN) for turn, hit in heard.forbidden][:5]
    if metric in ("fillers", "same_filler_max"):
        most = Counter(hit.id for _, hit in heard.fillers).most_common(1)
        return [
            Evidence(turn=turn, quote=hit.words)
            for turn, hit in heard.fillers
            if metric == "fillers" or hit.id == most[0][0]
        ][:5]
    if metric in _HABITS:
        return _HABITS[metric](heard)[:5] or [Evidence(turn=item.index, quote=excerpt(item.text)) for item in said[:1]]
    if not said:
        return []
    longest = max(said, key=lambda item: figures(item.text) if metric == "digits_per_turn_max" else len(item.text))
    return [Evidence(turn=longest.index, quote=excerpt(longest.text))]


def closed_runs(heard: Heard) -> Iterator[tuple[int, list[Evidence]]]:
    """Runs of closed questions with no response between: how many, and their words."""
    length, words = 0, list[Evidence]()
    for said in heard.said:
        closed = said.shows([M.ASK_CLOSED])
        if not closed:
            if length:
                yield length, words
            length, words = 0, []
            continue
        if said.kinds & _RESPONDS and length:
            yield length, words
            length, words = 0, []
        length += max(1, _closed_in(said.text))
        words = [*words, said.evidence(closed[0])]
    if length:
        yield length, words


def unwarned_endings(heard: Heard) -> list[Evidence]:
    """Where the trainee ended the call without having warned: by an ending, by hanging up in words, or by hanging up."""
    return list(heard.once("unwarned endings", _unwarned_endings))


def _unwarned_endings(heard: Heard) -> list[Evidence]:
    found: list[Evidence] = []
    boundaries = 0
    for said in heard.said:
        warned = boundaries >= 2 or said.shows([M.WARN])
        boundaries += len(said.shows([M.SET_BOUNDARY])) + 2 * len(said.shows([M.WARN]))
        words = _ends(said, heard)
        if words and not warned:
            found.append(Evidence(turn=said.index, quote=words, move=M.END_BY_RULE))
    last = heard.said[-1] if heard.said else None
    hung_up = heard.transcript.ended_by == "trainee" and last is not None and not found
    if hung_up and last and not last.shows([M.FAREWELL, M.END_BY_RULE]):
        found.append(Evidence(turn=last.index, quote=excerpt(last.text)))
    return found


def _ends(said: Said, heard: Heard) -> str:
    """The words by which this turn ends the call one-sidedly; empty when it doesn't, or when the customer was leaving too."""
    before = max((index for index in heard.felt if index < said.index), default=None)
    leaving = (
        before is not None
        and bool(_GOODBYE.search(heard.transcript.turns[before].text))
        and not heard.felt[before].strong
    )
    if leaving or any(index > said.index for index in heard.felt if index - said.index > 1):
        return ""
    ended = said.shows([M.END_BY_RULE])
    if ended:
        return ended[0].quote
    hangs = _HANGS_UP.search(said.text)
    return hangs.group() if hangs and not said.shows([M.FAREWELL, M.THANK, M.WARN, M.CHECK_OPEN]) else ""


def _closed_in(text: str) -> int:
    """Closed questions in one turn, by form."""
    asked = [clause for clause in split(text) if clause.question or _ASKS.search(clause.text)]
    return sum(1 for clause in asked if not _OPEN_WORDS.search(clause.text))
