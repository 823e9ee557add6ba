"""A chat-completions server over real HTTP whose answers and faults are scripted.

In tests, through the fixture `model_server` of conftest.py:

    model_server.say("喂？", {"moves": []}, RateLimited(retry_after=7), Cut("说到一"))   # one a request, in order
    model_server.answer_with(lambda request: ...)                                      # or by a function of the body
    model_server.requests[0].body["messages"]

As a process, for a page or a browser to talk to (answers from a file, a JSON string or object a line, or made up):

    python tests/scripted_server.py --port 8802 [--answers FILE] [--piece-delay 0.05]
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: Json


@dataclass(frozen=True)
class Fault:
    """An HTTP error in the usual body. Provider-specific ones are made by the functions below."""

    status: int
    message: str = "scripted fault"
    code: str | None = None
    kind: str = "error"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """An answer with everything said out: how it ends, how it is sliced, the tool call it is."""

    text: str
    finish: str | None = "stop"
    as_tool_call: bool = False
    refusal: str | None = None


@dataclass(frozen=True)
class Cut:
    """A stream that says this and then loses the connection; `politely`: it ends properly, but without a reason."""

    text: str
    politely: bool = False


@dataclass(frozen=True)
class StreamError:
    """A stream that says this and then sends an error event."""

    text: str
    code: str
    message: str


@dataclass(frozen=True)
class Hang:
    """No byte for so many seconds."""

    seconds: float = 3.0


@dataclass(frozen=True)
class Raw:
    """These bytes with status 200, whatever they are."""

    body: bytes
    content_type: str = "application/json"


Answer = str | Json | Fault | Said | Cut | StreamError | Hang | Raw


def unauthorized() -> Fault:
    return Fault(401, "Incorrect API key provided: sk-secr*****word.", "invalid_api_key", "invalid_request_error")


def rate_limited(retry_after: float | None = None) -> Fault:
    headers = {"Retry-After": f"{retry_after:g}"} if retry_after is not None else {}
    return Fault(429, "Rate limit reached", "rate_limit_exceeded", "requests", headers)


def dashscope_filter() -> Fault:
    return Fault(
        400, "Input data may contain inappropriate content.", "data_inspection_failed", "data_inspection_failed"
    )


def refuses_form(name: str = "response_format") -> Fault:
    return Fault(400, f"This {name} type is unavailable now", "invalid_request_error", "invalid_request_error")


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # the default of 5 resets connections as soon as a batch opens many at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class ScriptedServer:
    """The server on a free port of this machine, in its own thread. Use as a context manager."""

    def __init__(self, port: int = 0, piece_delay_s: float = 0.0, echo: bool = False) -> None:
        self.requests: list[Request] = []
        self.left_early = threading.Event()
        """Set when a client closed the connection before its stream had ended."""
        self.piece_delay_s = piece_delay_s
        self._queue: deque[Answer] = deque()
        self._function: Callable[[Request], Answer] | None = made_up if echo else None
        self._closing = threading.Event()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = _Listener(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL for OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def left(self) -> int:
        """Scripted answers nobody asked for yet."""
        return len(self._queue)

    def say(self, *answers: Answer) -> None:
        self._queue.extend(answers)

    def answer_with(self, function: Callable[[Request], Answer]) -> None:
        """Used whenever the queue is empty."""
        self._function = function

    def next_answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            if self._queue:
                return self._queue.popleft()
        if self._function:
            return self._function(request)
        return Fault(418, "the script of the server ran out", "script_ran_out")

    def wait(self, seconds: float) -> None:
        """Sleep that ends when the server closes."""
        self._closing.wait(seconds)

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body wait 40 ms for each other
    owner: ScriptedServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        request = Request(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
        answer = self.owner.next_answer(request)
        if not self.path.split("?")[0].endswith("/chat/completions"):
            answer = Fault(404, "no such path", "not_found")
        try:
            self._reply(answer, body)
        except (BrokenPipeError, ConnectionResetError):
            self.owner.left_early.set()
            self.close_connection = True

    def _reply(self, answer: Answer, body: Json) -> None:
        if isinstance(answer, Hang):
            self.owner.wait(answer.seconds)
            answer = Fault(503, "woke up")
        if isinstance(answer, Fault):
            error = {"message": answer.message, "type": answer.kind, "param": None, "code": answer.code}
            self._send(answer.status, {"error": error}, answer.headers)
        elif isinstance(answer, Raw):
            self._send_bytes(200, answer.body, answer.content_type, {})
        elif isinstance(answer, Cut | StreamError):
            self._stream(Said(answer.text, finish=None), body, answer)
        else:
            said = answer if isinstance(answer, Said) else Said(_text(answer))
            if body.get("stream"):
                self._stream(said, body, None)
            else:
                self._send(200, _completion(said, body))

    def _stream(self, said: Said, body: Json, broken: Cut | StreamError | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(said.text), 3):
            self._event(_chunk(body, {"content": said.text[start : start + 3]}, None))
            if self.owner.piece_delay_s:
                time.sleep(self.owner.piece_delay_s)
        if isinstance(broken, Cut) and not broken.politely:
            self.close_connection = True
            return
        if isinstance(broken, StreamError):
            self._event({"error": {"code": broken.code, "message": broken.message}})
        elif said.finish:
            self._event(_chunk(body, {}, said.finish))
        if broken is None:
            self._raw_event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, data: Json) -> None:
        self._raw_event(json.dumps(data, ensure_ascii=False))

    def _raw_event(self, text: str) -> None:
        data = f"data: {text}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        self._send_bytes(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", headers or {})

    def _send_bytes(self, status: int, body: bytes, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Type": content_type, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)


def _text(answer: str | Json) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)


def _completion(said: Said, body: Json) -> Json:
    message: Json = {"role": "assistant", "content": said.text, "refusal": said.refusal}
    if said.as_tool_call:
        name = body["tools"][0]["function"]["name"]
        call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": said.text}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "total_tokens": 120,
        "prompt_tokens_details": {"cached_tokens": 40},
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body.get("model", ""),
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
        "usage": usage,
    }


def _chunk(body: Json, delta: Json, finish: str | None) -> Json:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": body.get("model", ""),
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def made_up(request: Request) -> Answer:
    """A plain line, or the smallest JSON that fits the schema that was asked for."""
    form = request.body.get("response_format") or {}
    schema = form.get("json_schema", {}).get("schema")
    if schema is None and request.body.get("tools"):
        return Said(_text(smallest(request.body["tools"][0]["function"]["parameters"])), as_tool_call=True)
    return smallest(schema) if schema else "喂，我听着呢，你倒是说说怎么办？"


def smallest(schema: Json, root: Json | None = None) -> Any:
    """The smallest value that a JSON Schema of ours allows."""
    root = root or schema
    if "$ref" in schema:
        return smallest(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return smallest(schema["anyOf"][-1], root)
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    kind = schema.get("type")
    if kind == "object":
        return {name: smallest(part, root) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [smallest(schema["items"], root) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return "无" * schema.get("minLength", 0)
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    return False if kind == "boolean" else None


def main() -> None:
    parser = argparse.ArgumentParser(description="A scripted chat-completions server.")
    parser.add_argument("--port", type=int, default=8802)
    parser.add_argument("--answers", type=Path, help="one JSON value a line, in the order of the requests")
    parser.add_argument("--piece-delay", type=float, default=0.03, help="seconds between two pieces of a stream")
    options = parser.parse_args()
    with ScriptedServer(options.port, options.piece_delay, echo=True) as server:
        if options.answers:
            lines = options.answers.read_text(encoding="utf-8").splitlines()
            server.say(*(json.loads(line) for line in lines if line.strip()))
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
