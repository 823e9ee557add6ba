"""Measures `coach evaluate` against a bare `openai` client in one run, and prints a table.

    python benchmarks/measure.py [--quick] [only ...]

Parts: online256 online32 cpu faults offline memory start tokens (all of them without arguments). --quick takes fewer transcripts.
Every figure is of whole processes: start, reading, asking, grading, storing, writing results.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import material  # noqa: E402

RUBRIC = "empathy"
THREE = "empathy,questioning,reframing"
PLAIN_THERE = 1.5
"""Milliseconds of CPU of one plain judgement on the machine for which the limits in milliseconds were set."""
ROWS: list[tuple[str, str, str, str]] = []


@dataclass
class Cost:
    """Of one process and its children: seconds by the clock, seconds of CPU, peak memory of the largest process in MB."""

    wall: float
    cpu: float
    peak: float
    said: str


def run(command: Sequence[str], **variables: str) -> Cost:
    """Runs a process to its end; all that it started is counted (timed.py)."""
    started = time.perf_counter()
    env = {key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "COACH_"))}
    done = subprocess.run(
        [sys.executable, str(HERE / "timed.py"), *command],
        env={**env, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    cpu, peak = map(float, done.stderr.rsplit("TIMED", 1)[1].split())
    return Cost(wall, cpu, peak / 1024, done.stdout)


@contextmanager
def endpoint(*options: str) -> Iterator[str]:
    process = subprocess.Popen([sys.executable, str(HERE / "endpoint.py"), *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def coach(inputs: Path, out: Path, *options: str, url: str = "") -> Cost:
    told = (
        {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "bench", "COACH_MODEL": "mock", "COACH_PROVIDER": "openai"}
        if url
        else {}
    )
    return run(
        [sys.executable, "-m", "coach.cli.main", "evaluate", str(inputs), "--out", str(out), *options],
        PYTHONPATH=str(ROOT),
        COACH_DATA=str(out),
        COACH_CONTENT=str(ROOT),
        **told,
    )


def rows_of(out: Path) -> list[dict[str, object]]:
    with (out / "results.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def bare_prompt(folder: Path) -> Path:
    """The request of the rubric, as the judge makes it."""
    from coach.batch.job import Job, Judging, chosen_rubrics
    from coach.batch.plan import judged_calls
    from coach.content.library import Library
    from coach.grading.answers import answer_form
    from coach.grading.judge import Judge, Shown
    from coach.models.schemas import schema_for
    from coach.models.scripted import ScriptedModel
    from coach.prompts.render import load_prompt

    library = Library.load(ROOT)
    job = Job(
        tuple(chosen_rubrics(library, [RUBRIC])), library.vocabulary, library.lexicon, Judging("mock", "openai", 0.2)
    )
    (question,) = judged_calls(job)
    rubric, checks = question.rubric, question.checks
    form = answer_form(
        tuple(check.id for check in checks if check.kind == "violation"),
        tuple(check.id for check in checks if check.kind == "merit"),
    )
    shape = {"name": form.__name__, "strict": True, "schema": schema_for(form, strict=True)}
    system = Judge(ScriptedModel([]), load_prompt("judge")).messages(rubric, checks, Shown(""))[0].content
    path = folder / "prompt.json"
    path.write_text(
        json.dumps({"system": system, "response_format": {"type": "json_schema", "json_schema": shape}}), "utf-8"
    )
    return path


def plain_ms(folder: Path) -> float:
    """CPU of one plain judgement by the bare client, without its start: the yardstick of this machine at this moment."""
    prompt = folder / "plain.json"
    prompt.write_text(json.dumps({"system": "给这通电话打分，只回 JSON：score 从 1 到 5，reason 一句话。"}), "utf-8")
    cpu = []
    with endpoint("--latency", "0.05") as url:
        for count in (1, 1000):
            inputs = material.write(folder / f"plain{count}.jsonl", count)
            command = [sys.executable, str(HERE / "bare.py"), str(inputs), "32", str(prompt)]
            cpu.append(run(command, OPENAI_BASE_URL=url).cpu)
    return (cpu[1] - cpu[0]) / 999 * 1e3


def online(folder: Path, concurrency: int, count: int, floor: float, pairs: int) -> None:
    """In pairs of runs, one after the other, since the machine's speed drifts; medians of the pairs' ratios."""
    inputs = material.write(folder / f"{count}.jsonl", count)
    prompt = bare_prompt(folder)
    ratios, costs, rates, cpus = [], [], [], []
    for number in range(pairs):
        plain = plain_ms(folder)
        with endpoint("--latency", "0.2") as url:
            bare = run(
                [sys.executable, str(HERE / "bare.py"), str(inputs), str(concurrency), str(prompt)], OPENAI_BASE_URL=url
            )
            out = folder / f"out{concurrency}-{number}"
            own = coach(inputs, out, "--rubric", RUBRIC, "--concurrency", str(concurrency), url=url)
        assert len(rows_of(out)) == count
        ratios.append(bare.wall / own.wall)
        rates.append(f"{count / own.wall:.0f}/s against {count / bare.wall:.0f}/s")
        costs.append(own.cpu / count * 1e3 / plain)
        cpus.append(
            f"{own.cpu / count * 1e3:.1f} ms (bare with this form {bare.cpu / count * 1e3:.1f}, plain {plain:.1f})"
        )
    ROWS.append(
        (
            f"online, {count:,} transcripts, 200 ms, concurrency {concurrency}, of a bare client ({concurrency / 0.2:.0f}/s ideal)",
            "; ".join(rates),
            f"{median(ratios):.2f} ({', '.join(f'{one:.2f}' for one in ratios)})",
            f">= {floor}",
        )
    )
    ROWS.append(
        (
            f"CPU a transcript, concurrency {concurrency}",
            "; ".join(cpus),
            f"{median(costs):.1f} x plain",
            f"<= 3 ms, where plain is {PLAIN_THERE} ({3 / PLAIN_THERE:.1f} x)",
        )
    )


def faults(folder: Path, count: int) -> None:
    inputs = material.write(folder / "faults.jsonl", count)
    with endpoint("--latency", "0.05", "--limited", "0.05", "--cut", "0.02") as url:
        coach(inputs, folder / "faults", "--rubric", RUBRIC, "--concurrency", "32", url=url)
    graded = rows_of(folder / "faults")
    whole = sum(1 for row in graded if not any(c["cause"] for r in row["rubrics"].values() for c in r["checks"]))  # type: ignore[attr-defined]
    ROWS.append(
        (
            f"faults: 1 in 20 a 429, 1 in 50 cut short, {count} transcripts",
            f"{whole} graded in full",
            f"{whole / count:.3f}",
            "1.000",
        )
    )


def offline(folder: Path, count: int) -> None:
    inputs = material.write(folder / "offline.jsonl", count)
    rates = []
    for processes in (1, 2):
        plain = plain_ms(folder)
        own = coach(
            inputs, folder / f"offline{processes}", "--rubric", THREE, "--offline", "--processes", str(processes)
        )
        rates.append(count / own.wall)
        cost = own.cpu / count * 1e3
        ROWS.append(
            (
                f"offline, three rubrics and the red lines, {count:,} transcripts, processes {processes}",
                f"{rates[-1]:.0f}/s; {cost:.1f} ms CPU (plain {plain:.1f})",
                f"{cost / plain:.1f} x plain" if processes == 1 else f"{rates[1] / rates[0]:.1f} x one",
                f">= 300/s, where plain is {PLAIN_THERE} ms ({1000 / 300 / PLAIN_THERE:.1f} x)"
                if processes == 1
                else "scales",
            )
        )


def memory(folder: Path, most: int) -> None:
    peaks = []
    for count in (1_000, most):
        inputs = material.write(folder / f"memory{count}.jsonl", count, turns=2)
        peaks.append(coach(inputs, folder / f"memory{count}", "--rubric", RUBRIC, "--offline", "--processes", "1").peak)
    ROWS.append(
        (
            f"peak memory, {most:,} records against 1,000",
            f"{peaks[1]:.0f} MB, {peaks[0]:.0f} MB",
            f"{peaks[1] / peaks[0]:.2f}",
            "<= 1.3",
        )
    )


def start(folder: Path) -> None:
    helped = min(run([sys.executable, "-m", "coach.cli.main", "--help"], PYTHONPATH=str(ROOT)).wall for _ in range(3))
    ROWS.append(("start of coach --help", f"{helped:.2f} s", "", "< 0.5 s"))
    inputs = material.write(folder / "one.jsonl", 1)
    once = min(coach(inputs, folder / f"one{n}", "--rubric", "all", "--offline").wall for n in range(3))
    ROWS.append(("coach evaluate --offline on one record", f"{once:.2f} s", "", "< 2 s"))


def tokens() -> None:
    from coach.batch.job import Job, Judging
    from coach.batch.mapping import InputMap
    from coach.batch.plan import judged_calls, prefix_of, transcript_tokens
    from coach.batch.prices import read_prices
    from coach.batch.structured import read_json
    from coach.settings import Settings

    guess = read_prices(ROOT).estimate
    job = Job.of(Settings(content=ROOT), ["all"])
    job = Job(job.rubrics, job.vocabulary, job.lexicon, Judging("mock", "openai", 0.2))
    said = transcript_tokens(read_json(material.call(1), "", 1, "", InputMap()).transcript, guess)
    prefixes = {one.name: guess.tokens(prefix_of(one.rubric, one.checks)) for one in judged_calls(job)}
    checks = [(one.rubric, check) for one in judged_calls(job) for check in one.checks]
    naive = sum(guess.tokens(prefix_of(rubric, [check])) + said for rubric, check in checks)
    whole = sum(prefixes.values()) + said * len(prefixes)
    ROWS.append((f"tokens sent, all {len(prefixes)} rubrics on one transcript (estimated)", f"{whole:,}", "", ""))
    ROWS.append(
        (
            "  of these the same for every transcript (cached prefix)",
            f"{sum(prefixes.values()):,}",
            f"{sum(prefixes.values()) / whole:.2f}",
            "",
        )
    )
    ROWS.append(
        (f"  the naive way, one call for each of {len(checks)} checks", f"{naive:,}", f"{naive / whole:.1f} x", "")
    )


def table() -> str:
    head = "| what | measured | ratio | wanted |\n| --- | --- | --- | --- |\n"
    return head + "\n".join("| " + " | ".join(row) + " |" for row in ROWS)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("parts", nargs="*")
    asked = parser.parse_args()
    quick = asked.quick
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        parts = {
            "online32": lambda: online(folder, 32, 500 if quick else 2000, 0.97, 1 if quick else 3),
            "online256": lambda: online(folder, 256, 1000 if quick else 4000, 0.9, 1 if quick else 2),
            "faults": lambda: faults(folder, 300 if quick else 1000),
            "offline": lambda: offline(folder, 600 if quick else 3000),
            "memory": lambda: memory(folder, 10_000 if quick else 100_000),
            "start": lambda: start(folder),
            "tokens": tokens,
        }
        for name in asked.parts or parts:
            parts[name]()
            print(table().splitlines()[-1], file=sys.stderr)
    print(table())


if __name__ == "__main__":
    main()
