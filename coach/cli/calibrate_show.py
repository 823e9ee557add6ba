"""What `coach calibrate` prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.grading.baseline import Comparison, Worse
    from coach.grading.calibration import Calibration, CheckReport

TRIAL_BELOW = 0.6
"""Kappa below which a check is only on trial."""
FEW = 10
"""Expected verdicts below which a figure says little."""
_ANSWERS = ("yes", "no", "na")
_HEAD = """+ 加分项 merit，− 违规项 violation。前五列是判定里变了的份额 · shares of the answers:
  撤回 withdrawn：引的话找不到 quote not found；不稳 unstable：几遍不一样 not the same in all runs；
  换序 order：检查点倒着问 checks in the opposite order；加料 padding：多几个字、多两轮 more words, more turns；
  换人 identity：性别、姓氏、工号、资历 gender, names, standing。
然后是对上几个/有几个标准答案、κ [95 %]、每种答案对上几个、错成什么 · then: right/expected, κ, right by answer, expected>found."""
_COLUMNS = f"    {'':24} 撤回  不稳  换序  加料  换人     对/有"
_SHARES = {
    "withdrawn": "撤回 withdrawn",
    "unstable": "不稳 unstable",
    "order": "换序 order",
    "padding": "加料 padding",
    "identity": "换人 identity",
}


def show(found: Calibration, compared: Comparison | None, file: Path | None, *, updated: bool) -> None:
    """Prints the table, what it cost, and the comparison."""
    print(f"{found.calls} 通标准通话 · gold calls；原样评了 {found.runs} 遍 · runs as they are")
    if found.offline:
        print(
            "离线：同一通话每遍结果都一样，检查点的次序也不起作用，这两列必然是 0。"
            " Offline, runs are identical and the order of checks plays no part: those two columns are 0 by construction."
        )
    print(_HEAD)
    rubric = ""
    for report in found.checks:
        if report.rubric != rubric:
            rubric = report.rubric
            print(f"\n{rubric}\n{_COLUMNS}")
        print(_line(report))
    _totals(found)
    _comparison(compared, file, updated)


def _line(report: CheckReport) -> str:
    agreed = report.agreement
    if not report.expected:
        known = "没有标准答案 · nothing expected"
    else:
        share = f"{report.right}/{report.expected}"
        kappa = (
            "κ 说不出 · one answer only"
            if agreed.kappa is None
            else f"κ {agreed.kappa:+.2f} [{agreed.low:+.2f} {agreed.high:+.2f}]"
        )
        trial = "  试用 · on trial" if agreed.kappa is None or agreed.kappa < TRIAL_BELOW else ""
        few = "  太少 · few" if report.expected < FEW else ""
        known = f"{share:>7}  {kappa}  {_confusion(report)}{trial}{few}"
    sign = "−" if report.kind == "violation" else "+"
    shares = "  ".join(
        _percent(value) for value in (report.withdrawn, report.unstable, report.order, report.padding, report.identity)
    )
    return f"  {sign} {report.check:24} {shares}  {known}"


def _confusion(report: CheckReport) -> str:
    wrong = [f"{pair}×{count}" for pair, count in sorted(report.confusion.items()) if len(set(pair.split(">"))) > 1]
    right = " ".join(f"{answer}×{report.confusion.get(f'{answer}>{answer}', 0)}" for answer in _ANSWERS)
    return f"{right}" + (f" | {' '.join(wrong)}" if wrong else "")


def _percent(value: float | None) -> str:
    return "  – " if value is None else f"{100 * value:3.0f}%"


def _totals(found: Calibration) -> None:
    from coach.grading.agreement import wilson

    expected = sum(report.expected for report in found.checks)
    right = sum(report.right for report in found.checks)
    if expected:
        low, high = wilson(right, expected)
        print(f"\n一共 · all: {right}/{expected} = {right / expected:.0%} [{low:.0%} {high:.0%}]")
    for name, words in _SHARES.items():
        shares = [share for report in found.checks if (share := getattr(report, name)) is not None]
        if shares:
            print(f"{words}: {sum(shares) / len(shares):.1%} 的判定 · of the answers")
    if found.requests:
        used = found.usage
        cached = f"{used.cached / used.prompt:.0%}" if used.prompt else "–"
        print(
            f"请求 · requests {found.requests}；输入 token · prompt tokens {used.prompt}（缓存 · cached {cached}）；"
            f"输出 · completion {used.completion}"
        )


def _comparison(compared: Comparison | None, file: Path | None, updated: bool) -> None:
    if updated:
        print(f"\n基线存好了 · baseline stored: {file}")
        return
    if compared is None:
        print("\n还没有基线，用 --update-baseline 存一份 · no baseline yet: store one with --update-baseline")
        return
    for names, words in ((compared.new, "基线里没有 · not in the baseline"), (compared.gone, "现在没有了 · gone")):
        if names:
            print(f"\n{words}: {'、'.join(names)}")
    for worse in compared.worse:
        print(_worse(worse))
    if not compared.worse:
        print(f"\n和基线比，没有检查点变差 · no check is worse than in {file}")


def _worse(worse: Worse) -> str:
    then, now = worse.versions
    lines = [f"\n变差了 · worse: {worse.rubric}.{worse.check}（v{then} → v{now}）"]
    lines += [
        f"  {call}: 应为 · expected {expected}，现在 · now {found}" for call, (expected, found) in worse.lost.items()
    ]
    lines += [f"  {_SHARES[name]} {then:.0%} → {now:.0%}" for name, (then, now) in worse.shares.items()]
    return "\n".join(lines)
