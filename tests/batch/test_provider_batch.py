"""`--engine openai-batch`: handed over once, found again after a death, graded like the local engine's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_server import BatchServer
from judging import answer_of, calls, rows

from coach.batch import Control, Options, Progress, evaluate
from coach.batch.provider_batch import ProviderBatchEngine
from coach.errors import InputError
from coach.models.batch_api import BatchApi
from coach.settings import Settings

Online = Callable[..., Settings]


def completion(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return {"model": "scripted-model", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}


def good(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 200, completion(json.dumps(answer_of(body), ensure_ascii=False))


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with BatchServer(good) as running:
        yield running


def run(inputs: Path, out: Path, **more: Any) -> Any:
    options = Options(processes=1, **more.pop("options", {}))
    return evaluate(
        [inputs], out, rubrics=["empathy"], engine=ProviderBatchEngine(poll_s=0.01), options=options, **more
    )


def test_a_batch_is_handed_over_once_collected_and_graded_like_elsewhere(
    tmp_path: Path, online: Online, server: BatchServer, model_server: Any
) -> None:
    from judging import all_no

    inputs = calls(tmp_path / "in.jsonl", ["a", "b", "c"])
    online(OPENAI_BASE_URL=server.url)
    summary = run(inputs, tmp_path / "batch", votes=2)
    assert (summary.graded, summary.failed, summary.stopped) == (3, 0, "")
    assert len(server.handed_over) == len(set(server.handed_over)) == 6
    assert len(server.batches) == 1
    online()
    model_server.answer_with(all_no)
    evaluate([inputs], tmp_path / "local", rubrics=["empathy"], votes=2)
    drop = ("usage",)
    batch, local = (
        [{key: value for key, value in row.items() if key not in drop} for row in rows(tmp_path / name)]
        for name in ("batch", "local")
    )
    assert batch == local


def test_a_process_that_dies_while_waiting_finds_its_batch_again(
    tmp_path: Path, online: Online, server: BatchServer
) -> None:
    online(OPENAI_BASE_URL=server.url)
    server.looks = 1000
    inputs = calls(tmp_path / "in.jsonl", ["a", "b"])
    control = Control(lambda progress: control.cancel() if progress.phase == "waiting" else None)
    first = run(inputs, tmp_path / "out", control=control)
    assert first.stopped
    assert (first.graded, len(server.handed_over)) == (0, 2)
    server.batches["batch_0"]["left"] = 1
    second = run(inputs, tmp_path / "out")
    assert (second.graded, second.stopped) == (2, "")
    assert len(server.handed_over) == 2


def test_a_batch_whose_id_was_never_written_down_is_found_at_the_provider(
    tmp_path: Path, online: Online, server: BatchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    online(OPENAI_BASE_URL=server.url)
    inputs = calls(tmp_path / "in.jsonl", ["a", "b"])
    submit = BatchApi.submit

    async def dies(self: BatchApi, *arguments: Any) -> str:
        await submit(self, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(BatchApi, "submit", dies)
    with pytest.raises(KeyboardInterrupt):
        run(inputs, tmp_path / "out")
    monkeypatch.undo()
    online(OPENAI_BASE_URL=server.url)
    assert run(inputs, tmp_path / "out").graded == 2
    assert len(server.handed_over) == 2


def test_requests_that_the_provider_could_not_answer_are_put_again(
    tmp_path: Path, online: Online, server: BatchServer
) -> None:
    online(OPENAI_BASE_URL=server.url)
    failing = iter([True])

    def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return (500, {"error": {"message": "busy"}}) if next(failing, False) else good(body)

    server.answer = answer
    summary = run(calls(tmp_path / "in.jsonl", ["a", "b", "c"]), tmp_path / "out")
    assert (summary.graded, summary.failed) == (3, 0)
    assert [made["request_counts"]["total"] for made in server.batches.values()] == [3, 1]


def test_a_refused_key_is_told(tmp_path: Path, online: Online, server: BatchServer) -> None:
    online(OPENAI_BASE_URL=server.url)
    server.refuse = 401, {"error": {"message": "no", "code": "invalid_api_key"}}
    summary = run(calls(tmp_path / "in.jsonl", ["a"]), tmp_path / "out")
    assert "OPENAI_API_KEY" in summary.stopped


def test_without_a_model_there_is_nothing_to_hand_over(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="openai-batch"):
        run(calls(tmp_path / "in.jsonl", ["a"]), tmp_path / "out", offline=True)


def test_progress_says_what_is_left() -> None:
    progress = Progress(total=10, graded=4, skipped=1)
    assert progress.seconds_left is not None
    assert Progress().seconds_left is None
