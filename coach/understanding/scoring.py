"""How good the classifier is: precision, recall and F1 a move, micro and macro, beside the floor of a keyword list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.content.moves import FAULTS, FEELING, MoveId
from coach.understanding.corpus import LabelledCall, trainee_turns
from coach.understanding.embedded import EmbeddedAppraiser

M = MoveId
KEYWORDS: dict[MoveId, str] = {
    M.GREET: "您好|你好", M.IDENTIFY: "工号|为您服务", M.VERIFY: "身份证|机主|核实", M.CHECK_OPEN: "其他需要|还有别的|还有其他", M.THANK: "谢谢|感谢",
    M.FAREWELL: "再见|祝您", M.APOLOGISE: "对不起|抱歉", M.EMPATHISE: "理解|着急|换谁|难怪", M.ACKNOWLEDGE: "嗯|明白|我在听", M.PRAISE: "您真|细心|仔细",
    M.RAPPORT: "我也|老客户", M.CARE: "注意|记得|保重", M.OWN_FAULT: "我们的问题|疏忽|没做好", M.RESTATE: "您是说|您的意思|对吧", M.CLARIFY: "是指|不是|还是",
    M.TAKE_NOTE: "登记|记下|工单", M.ASK_OPEN: "怎么|什么|说说", M.ASK_CLOSED: "吗|是不是|有没有", M.ASK_INFO: "号码|哪天|型号", M.ASK_PROBLEM: "提示|现象|试过",
    M.ASK_IMPACT: "影响|耽误", M.ASK_SOLUTION: "希望|您觉得怎么", M.INFORM: "元|块|生效", M.EXPLAIN: "因为|原因|由于", M.REFRAME: "其实|反而|换个角度",
    M.YARDSTICK: "判断|标准|只要", M.NARRATE: "正在|稍等|查一下", M.BENEFIT: "省|方便|划算", M.OFFER: "给您退|给您办|建议", M.CHOICE: "还是|要么|哪个",
    M.COMMIT: "小时内|点前|之前", M.ESCALATE: "上报|升级|主管", M.DECLINE: "没法|无法|不能", M.GUIDE: "App|营业厅|公众号", M.SET_BOUNDARY: "私事|文明|业务上",
    M.WARN: "再这样|继续|结束通话", M.END_BY_RULE: "按规定|结束通话|挂断", M.BLAME_CUSTOMER: "您自己|你自己", M.DENY: "不可能|不会的", M.ARGUE: "讲道理|难道|您想想",
    M.COLD_POLICY: "规定|制度", M.COMMAND: "必须|赶紧|你先", M.IGNORE_FEELING: "套餐", M.JARGON_DUMP: "违约金|融合|资费", M.FALSE_PROMISE: "保证|全免|放心",
    M.FORBIDDEN: "没办法|不知道|不清楚|随便", M.ASK_AGAIN: "再说一遍|没听清", M.INTERROGATE: "？.*？.*？", M.BRUSH_OFF: "尽快|反映|自己去", M.INSULT: "脑子|有病|废话",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over turns: a move found and labelled (`hits`), only found (`extra`), only labelled (`missed`)."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.extra + other.extra, self.missed + other.missed)

    @property
    def support(self) -> int:
        return self.hits + self.missed

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.extra + self.missed) if self.hits else 0.0


Scores = dict[MoveId, Score]


def score(pairs: Iterable[tuple[frozenset[MoveId], frozenset[MoveId]]]) -> Scores:
    """Scores of every move from (found, labelled) pairs, a pair a turn."""
    scores = dict.fromkeys(MoveId, Score())
    for found, labelled in pairs:
        for move in found | labelled:
            scores[move] += Score(
                int(move in found and move in labelled), int(move not in labelled), int(move not in found)
            )
    return scores


def micro(scores: Scores) -> float:
    return sum(scores.values(), Score()).f1


def macro(scores: Scores, moves: Iterable[MoveId] = MoveId) -> float:
    """Mean F1 over the moves that occur at all."""
    present = [scores[move].f1 for move in moves if scores[move].support]
    return sum(present) / len(present) if present else 0.0


def appraised(calls: Sequence[LabelledCall], appraiser: EmbeddedAppraiser) -> Scores:
    """The appraiser's scores over labelled calls."""
    return score(
        (appraiser.appraise(turn.text, before=before).kinds, turn.moves)
        for call in calls
        for _, turn, before in trainee_turns(call)
    )


def by_keywords(calls: Sequence[LabelledCall]) -> Scores:
    """The floor: three words a move, anywhere in the turn."""
    import re

    patterns = {move: re.compile(words) for move, words in KEYWORDS.items()}
    return score(
        (frozenset(move for move, pattern in patterns.items() if pattern.search(turn.text)), turn.moves)
        for call in calls
        for _, turn, _ in trainee_turns(call)
    )


def table(scores: Scores, floor: Scores) -> str:
    """Plain text: a line a move, weakest first, then the means."""
    lines = [f"{'move':16}{'precision':>10}{'recall':>8}{'F1':>7}{'turns':>7}{'keywords F1':>13}"]
    for move in sorted(scores, key=lambda move: scores[move].f1):
        one = scores[move]
        if one.support or one.extra:
            lines.append(
                f"{move.value:16}{one.precision:10.2f}{one.recall:8.2f}{one.f1:7.2f}{one.support:7}{floor[move].f1:13.2f}"
            )
    for name, value, base in (
        ("micro F1", micro(scores), micro(floor)),
        ("macro F1", macro(scores), macro(floor)),
        ("  faults", macro(scores, sorted(FAULTS)), macro(floor, sorted(FAULTS))),
        ("  feeling", macro(scores, sorted(FEELING)), macro(floor, sorted(FEELING))),
    ):
        lines.append(f"{name:16}{value:25.3f}{'':7}{base:13.3f}")
    return "\n".join(lines)
