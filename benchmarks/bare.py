"""The floor to measure against: a bare `openai` async client that asks one rubric a transcript and parses the JSON. Nothing else.

    OPENAI_BASE_URL=… python benchmarks/bare.py INPUT.jsonl CONCURRENCY PROMPT.json

Without a form (`response_format` of PROMPT.json) it is one plain judgement. It reads the file, sends the same messages and form as the judge (built once for the rubric), and keeps what came in memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

with open(sys.argv[3], encoding="utf-8") as prompt:
    REQUEST = json.load(prompt)
FORM = {"response_format": REQUEST["response_format"]} if "response_format" in REQUEST else {}


async def main(path: str, concurrency: int) -> None:
    client = AsyncOpenAI(base_url=os.environ["OPENAI_BASE_URL"], api_key="bench", max_retries=0)
    gate = asyncio.Semaphore(concurrency)
    found: list[Any] = []

    async def judge(record: dict[str, Any]) -> None:
        said = "\n".join(f"[{at}] {turn['role']}：{turn['text']}" for at, turn in enumerate(record["turns"]))
        async with gate:
            answer = await client.chat.completions.create(
                model="mock",
                messages=[{"role": "system", "content": REQUEST["system"]}, {"role": "user", "content": said}],
                temperature=0.2,
                **FORM,
            )
        found.append(json.loads(answer.choices[0].message.content or "{}"))

    records = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]  # noqa: ASYNC240
    await asyncio.gather(*(judge(record) for record in records))
    print(len(found))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
