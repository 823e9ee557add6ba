"""Habits of speech that code can count, each with the words that show it."""

from __future__ import annotations

import re
from functools import lru_cache

from coach.content.moves import FEELING
from coach.content.moves import MoveId as M
from coach.grading.evidence import letters_of
from coach.grading.heard import Heard, excerpt
from coach.records.grade import Evidence
from coach.understanding.case_cues import plainly_out_of_play

_ASKS_TO_WAIT = re.compile(r"稍等|稍候|稍微等|请等|您?等(一下|一会|我一下|下)|请不要挂|别挂")
_WHAT_OR_LONG = re.compile(
    r"查|看|调|核|办|提交|登记|打开|翻|找|转|接|帮您|给您|问|秒|分钟|很快|马上|一会儿?就|这就|为您"
)
_YOU = re.compile(r"你(?![们好])")
_SOFT = re.compile(
    r"请|麻烦|劳驾|辛苦|方便|好吗|可以吗|行吗|成吗|好不好|行不行|好么|您看|可以(在|到|用|先|自己|打开)|就(能|可以|行)|也(能|可以)|帮(我|忙)|想(跟|和|核)|为了|好(让|把|给|调)|我(先|来)?(跟|和)?您?核对"
)
_CUSHIONS = FEELING | {M.EXPLAIN, M.NARRATE, M.OFFER, M.CHOICE, M.COMMIT, M.BENEFIT, M.REFRAME, M.THANK}
_QUOTED = re.compile(r"[“「『\"][^”」』\"]*[”」』\"]")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_REPEATED_FROM = 10
"""Letters from which a sentence said again is noticed; shorter ones are greetings and nods."""
_TAKEN_FROM = 3
"""Letters in a row that show whose words they are."""
_ANYBODYS = re.compile(r"我们|你们|您们|什么|怎么|这个|那个|一个|可以|没有|不是|还是|就是|知道|现在|手机|电话|号码")


def bare_waits(heard: Heard) -> list[Evidence]:
    """Turns that ask to wait and say neither what for nor how long."""
    found = []
    for said in heard.said:
        waits = _ASKS_TO_WAIT.search(said.text)
        if waits and not said.shows([M.NARRATE]) and not _WHAT_OR_LONG.search(said.text):
            found.append(Evidence(turn=said.index, quote=waits.group()))
    return found


def left_the_play(heard: Heard) -> list[Evidence]:
    """Turns of a practised call that speak to the program. Only what the words themselves bear out, since it caps a grade."""
    turns = heard.transcript.turns
    return [
        Evidence(turn=said.index, quote=excerpt(said.text))
        for said in heard.said
        if (known := turns[said.index].appraisal) and known.out_of_play and plainly_out_of_play(said.text)
    ]


def hard_requests(heard: Heard) -> list[Evidence]:
    """Turns that ask for data or send to a channel, with no 请, 麻烦, 好吗, no reason and no help beside it."""
    return [
        said.evidence(said.shows([M.VERIFY, M.GUIDE])[0])
        for said in heard.said
        if said.shows([M.VERIFY, M.GUIDE]) and not _SOFT.search(said.text) and not said.kinds & _CUSHIONS
    ]


def plain_you(heard: Heard) -> list[Evidence]:
    """Places where the trainee says 你 to the customer. Not inside quotation marks."""
    return [
        Evidence(turn=said.index, quote=said.text[match.start() : match.end() + 4])
        for said in heard.said
        for match in _YOU.finditer(_QUOTED.sub(lambda quoted: "…" * len(quoted.group()), said.text))
    ]


def repeated_turns(heard: Heard) -> list[Evidence]:
    """Turns that say a sentence of the trainee's once more, word for word."""
    found: list[Evidence] = []
    spoken: set[str] = set()
    for said in heard.said:
        sentences = {letters_of(part): part.strip() for part in _SENTENCE.findall(said.text)}
        again = [part for plain, part in sentences.items() if plain in spoken and len(plain) >= _REPEATED_FROM]
        if again:
            found.append(Evidence(turn=said.index, quote=again[0]))
        spoken |= set(sentences)
    return found


def taken_up(heard: Heard) -> list[Evidence]:
    """Turns that take up words the customer brought into the call: three letters in a row that were theirs first."""
    found: list[Evidence] = []
    spoken: list[tuple[bool, str]] = []
    """Whether the customer said it, and its letters."""
    theirs: set[str] = set()
    turns = {said.index: said for said in heard.addressed}
    for index, turn in enumerate(heard.transcript.turns):
        said = turns.get(index)
        plain = letters_of(turn.text)
        if said is not None:
            shared = {run for run in _runs(plain) if run in theirs and _particular(run) and _by_customer(run, spoken)}
            if shared:
                sentences = _SENTENCE.findall(said.text)
                telling = max(sentences, key=lambda part: len(shared.intersection(_runs(letters_of(part))))).strip()
                found.append(Evidence(turn=index, quote=telling or excerpt(said.text)))
        elif turn.role == "customer":
            theirs.update(_runs(plain))
        else:
            continue
        spoken.append((said is None, plain))
    return found


def _runs(plain: str) -> list[str]:
    """Runs of letters, also those that anybody uses: of the few that are shared these are told apart."""
    return [plain[at : at + _TAKEN_FROM] for at in range(len(plain) - _TAKEN_FROM + 1)]


def _by_customer(run: str, spoken: list[tuple[bool, str]]) -> bool:
    """Whether it was the customer who said this first."""
    return next(customer for customer, plain in spoken if run in plain)


@lru_cache(maxsize=1 << 16)
def _particular(run: str) -> bool:
    """Whether somebody in particular used these letters."""
    return not _ANYBODYS.search(run) and not run.isdigit()
