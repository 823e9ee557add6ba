"""A provider's Batch API over real HTTP: files, batches, and answers when the test says that time has passed."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Json = dict[str, Any]
Answer = Callable[[Json], tuple[int, Json]]


class BatchServer:
    """`answer` makes the response to one request's body. Batches end after `looks` looks at them."""

    def __init__(self, answer: Answer, looks: int = 1) -> None:
        self.answer = answer
        self.looks = looks
        self.handed_over: list[str] = []
        """Ids of all requests that were handed over, in order."""
        self.batches: dict[str, Json] = {}
        self.files: dict[str, str] = {}
        self.refuse: tuple[int, Json] | None = None
        handler = type("Handler", (_Handler,), {"owner": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> BatchServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def create(self, asked: Json) -> Json:
        name = f"batch_{len(self.batches)}"
        lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
        self.handed_over += [line["custom_id"] for line in lines]
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": asked["endpoint"], "completion_window": "24h", "created_at": 1,
            "input_file_id": asked["input_file_id"], "status": "in_progress", "metadata": asked.get("metadata"),
            "request_counts": {"total": len(lines), "completed": 0, "failed": 0}, "left": self.looks,
        }  # fmt: skip
        return self.batches[name]

    def look(self, name: str) -> Json:
        made = self.batches[name]
        made["left"] -= 1
        if made["left"] <= 0 and made["status"] == "in_progress":
            self._finish(made)
        return made

    def _finish(self, made: Json) -> None:
        good, bad = [], []
        for line in map(json.loads, self.files[made["input_file_id"]].splitlines()):
            status, body = self.answer(line["body"])
            row = {"custom_id": line["custom_id"], "response": {"status_code": status, "body": body}, "error": None}
            (good if status == 200 else bad).append(json.dumps(row, ensure_ascii=False))
        made["status"] = "completed"
        made["request_counts"] |= {"completed": len(good), "failed": len(bad)}
        for key, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                made[key] = f"{made['id']}-{key}"
                self.files[made[key]] = "\n".join(lines)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: BatchServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.owner.refuse:
            self._send(*self.owner.refuse)
        elif self.path.endswith("/files"):
            name = f"file-{len(self.owner.files)}"
            boundary = re.search(r"boundary=(\S+)", self.headers["Content-Type"])
            assert boundary
            parts = raw.split(b"--" + boundary.group(1).encode())
            content = next(part for part in parts if b"filename=" in part).split(b"\r\n\r\n", 1)[1]
            self.owner.files[name] = content.removesuffix(b"\r\n").decode()
            self._send(200, {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x", "purpose": "batch", "status": "processed"})  # fmt: skip
        else:
            self._send(200, self.owner.create(json.loads(raw)))

    def do_GET(self) -> None:
        if self.path.endswith("/content"):
            self._send_text(200, self.owner.files[self.path.split("/")[-2]])
        elif "/batches/" in self.path:
            self._send(200, self.owner.look(self.path.rsplit("/", 1)[1]))
        else:
            self._send(200, {"object": "list", "data": list(self.owner.batches.values())[::-1], "has_more": False})

    def _send(self, status: int, body: Json) -> None:
        self._send_text(status, json.dumps(body))

    def _send_text(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
