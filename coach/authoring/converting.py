"""One document -> Markdown, in a process of its own: what a hostile or broken file does to a converter ends with that process.

`python -m coach.authoring.converting .docx` reads the bytes from standard input and writes JSON: {"text": ...} or {"error": ...}.
No plugin and no model takes part, and there is no network in this process.
"""

from __future__ import annotations

import io
import json
import socket
import sys
from typing import Any, NoReturn


def _no_network(*_: Any, **__: Any) -> NoReturn:
    raise OSError("documents are converted without a network")


def main() -> None:
    ending = sys.argv[1]
    raw = sys.stdin.buffer.read()
    socket.socket.connect = _no_network  # type: ignore[method-assign]
    socket.getaddrinfo = _no_network
    try:
        from markitdown import MarkItDown, StreamInfo
        from markitdown._exceptions import MarkItDownException
        from markitdown.converters import DocxConverter, PdfConverter, PptxConverter
    except ImportError:
        print(json.dumps({"error": "missing"}))
        return
    try:
        # only the one for this ending: with all of them a broken file would come back as plain text
        converter = MarkItDown(enable_builtins=False, enable_plugins=False)
        converter.register_converter({".docx": DocxConverter, ".pptx": PptxConverter, ".pdf": PdfConverter}[ending]())
        text = converter.convert_stream(io.BytesIO(raw), stream_info=StreamInfo(extension=ending)).text_content
    except MarkItDownException as error:
        print(json.dumps({"error": "broken", "detail": type(error).__name__}))
        return
    print(json.dumps({"text": text}))


if __name__ == "__main__":
    main()
