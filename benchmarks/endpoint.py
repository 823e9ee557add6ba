"""A mock judge in a process of its own: answers chat completions after a set time, with set faults, at little cost to itself.

    python benchmarks/endpoint.py --latency 0.2 [--spread 0] [--limited 0.05] [--cut 0.02] [--port 0]

Prints its base URL. The answer is valid for the form that the request asks for: every check of the schema `no`, quotes none, so that it
can be checked like a real one. GET /stats tells how many requests came and how many are under way at most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
from typing import Any

_IDS = re.compile(rb'"enum":\s*\[([^\]]*)\]')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


class Judge:
    """What all connections share."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.random = random.Random(options.seed)
        self.seen = 0
        self.now = 0
        self.most = 0
        self.answers: dict[bytes, bytes] = {}

    def reply(self, body: bytes) -> bytes:
        chance = self.random.random()
        if chance < self.options.limited:
            return _http(
                429, b'{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}', b"Retry-After: 0.2\r\n"
            )
        whole = self.answer(body)
        if chance < self.options.limited + self.options.cut:
            return _http(200, _completion(whole[: len(whole) // 2], "length"))
        return _http(200, _completion(whole, "stop"))

    def answer(self, body: bytes) -> bytes:
        """The answer for this form, made once."""
        # the form stands after the messages, or before them: only its lists of ids matter
        key = b"|".join(_IDS.findall(body))
        if key not in self.answers:
            self.answers[key] = made_up(json.loads(body))
        return self.answers[key]


def made_up(body: dict[str, Any]) -> bytes:
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if not shape:
        return b'{"score": 3, "reason": "ok"}'
    kinds = {"violations": "Violation", "merits": "Merit"}
    if not set(kinds) <= set(shape.get("properties", {})):
        return b'{"score": 3, "reason": "ok"}'
    answer = {}
    for name, kind in kinds.items():
        ids = shape["$defs"][kind]["properties"]["check"]["enum"]
        answer[name] = [
            {"check": one, "quotes": [], "reason": "通话里没有这样的话，逐轮看过。", "answer": "no"}
            for one in ids
            if one != "none"
        ]
    return json.dumps(answer, ensure_ascii=False).encode()


def _completion(text: bytes, finish: str) -> bytes:
    content = json.dumps(text.decode(errors="ignore"), ensure_ascii=False).encode()
    return (
        b'{"id":"c","object":"chat.completion","created":1,"model":"mock","choices":[{"index":0,"message":{"role":"assistant","content":'
        + content
        + b'},"finish_reason":"'
        + finish.encode()
        + b'"}],"usage":{"prompt_tokens":2000,"completion_tokens":400,"total_tokens":2400}}'
    )


def _http(status: int, body: bytes, headers: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\n%bContent-Length: %d\r\n\r\n" % (
        status,
        headers,
        len(body),
    )
    return head + body


class Connection(asyncio.Protocol):
    """HTTP/1.1 as far as clients of chat completions use it."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end]
        length = _LENGTH.search(head)
        size = int(length.group(1)) if length else 0
        if len(self.buffer) < end + 4 + size:
            return
        body, self.buffer = self.buffer[end + 4 : end + 4 + size], b""
        judge = self.judge
        if head.startswith(b"GET"):
            self.send(_http(200, json.dumps({"seen": judge.seen, "most": judge.most}).encode()))
            return
        judge.seen += 1
        judge.now += 1
        judge.most = max(judge.most, judge.now)
        wait = judge.options.latency + judge.random.uniform(-1, 1) * judge.options.spread
        asyncio.get_running_loop().call_later(max(0.0, wait), self.finish, body)

    def finish(self, body: bytes) -> None:
        self.judge.now -= 1
        self.send(self.judge.reply(body))

    def send(self, answer: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(answer)


async def serve(options: argparse.Namespace) -> None:
    judge = Judge(options)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(judge), "127.0.0.1", options.port, backlog=2048
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--spread", type=float, default=0.0)
    parser.add_argument("--limited", type=float, default=0.0, help="share of answers that are a 429")
    parser.add_argument("--cut", type=float, default=0.0, help="share of answers that are cut short")
    parser.add_argument("--seed", type=int, default=1)
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        pass
