"""A language model of 0.6 MB with random weights, served by llama.cpp's own server: real protocol, nonsense answers.

    python tests/inference/tiny_model.py FOLDER [--port N]     writes FOLDER/tiny.gguf, serves it, prints the base URL

Nothing is fetched: the vocabulary is the 256 bytes, some Chinese characters and the marks of a chat. Random weights
alone would never end a sentence; so one channel of the embedding is constant, and the output layer turns it into a
fixed preference for each token. Quotes and ends of turn come every dozen tokens, and texts end by themselves.

Needs the packages gguf, numpy and xllamacpp.
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from typing import Any

CHARACTERS = (
    "我你您他她们的了是不在有这那什么怎么为啥多少几个月天钱费扣流量套餐宽带手机号码办理退投诉客服电话打来去说"
    "听等好行没要能会都就还也再先请谢对错问解决办法道歉经理工信部，。？！"
)
MARKS = ("<|end|>", "<|from|>", "<|over|>")
TEMPLATE = (
    "{% for m in messages %}<|from|>{{ m['role'] }}\n{{ m['content'] }}<|over|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|from|>assistant\n{% endif %}"
)
WIDTH, LAYERS, HEADS, CONTEXT = 64, 2, 4, 8192
NORMAL, CONTROL, UNUSED = 1, 3, 5


def byte_letters() -> list[str]:
    """A printable letter for each byte, as byte-level BPE has them."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


def vocabulary() -> tuple[list[str], list[int], list[str], list[float]]:
    """Tokens, their kinds, the merges that build characters from bytes, and how much the model likes each token."""
    letters = byte_letters()
    tokens, merges = list(letters), []
    likes = [-14.0] * 256
    for byte in b' {}[]:,"0123456789-':
        likes[byte] = 0.0
    for byte in range(ord("a"), ord("z") + 1):
        likes[byte] = -1.0
    likes[ord('"')], likes[ord("}")], likes[ord("]")] = 2.6, 2.0, 2.0
    for character in dict.fromkeys(CHARACTERS):
        built = ""
        for byte in character.encode():
            if built:
                merges.append(f"{built} {letters[byte]}")
            built += letters[byte]
            if built not in tokens:
                tokens.append(built)
                likes.append(-14.0)
        likes[tokens.index(built)] = 0.0
    kinds = [NORMAL] * len(tokens) + [CONTROL] * len(MARKS)
    tokens += MARKS
    likes += [-14.0, -14.0, 2.6]
    while len(tokens) % 32:
        tokens.append(f"<unused{len(tokens)}>")
        kinds.append(UNUSED)
        likes.append(-14.0)
    return tokens, kinds, list(dict.fromkeys(merges)), likes


def write_model(path: Path) -> None:
    """Write the model as GGUF; the same bytes every time."""
    import gguf

    tokens, kinds, merges, likes = vocabulary()
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index(MARKS[0]))
    writer.add_eos_token_id(tokens.index(MARKS[2]))
    writer.add_pad_token_id(tokens.index(MARKS[0]))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in _tensors(likes).items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _tensors(likes: list[float]) -> dict[str, Any]:
    import numpy as np

    random = np.random.default_rng(0)

    def matrix(rows: int, columns: int, scale: float) -> Any:
        return (random.standard_normal((rows, columns)) * scale).astype(np.float32)

    embedding, output = matrix(len(likes), WIDTH, 0.3), matrix(len(likes), WIDTH, 0.15)
    embedding[:, 0] = 8.0  # the constant channel; the last norm makes it about sqrt(WIDTH)
    output[:, 0] = np.array(likes) / WIDTH**0.5
    ones = np.ones(WIDTH, np.float32)
    tensors = {"token_embd.weight": embedding, "output_norm.weight": ones, "output.weight": output}
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        tensors |= {block + "attn_norm.weight": ones, block + "ffn_norm.weight": ones}
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            tensors[f"{block}{part}.weight"] = matrix(WIDTH, WIDTH, 0.05)
        tensors[block + "ffn_gate.weight"] = matrix(2 * WIDTH, WIDTH, 0.05)
        tensors[block + "ffn_up.weight"] = matrix(2 * WIDTH, WIDTH, 0.05)
        tensors[block + "ffn_down.weight"] = matrix(WIDTH, 2 * WIDTH, 0.05)
    return tensors


def serve(path: Path, port: int) -> None:
    """Serve until the process is told to stop; prints the base URL once it answers."""
    import xllamacpp

    wish = xllamacpp.CommonParams()
    wish.model.path = str(path)
    wish.model_alias = {"tiny-random"}
    wish.hostnames = ["127.0.0.1"]
    wish.port = port
    wish.n_parallel = 2
    wish.n_ctx = CONTEXT * 2
    wish.cpuparams.n_threads = 1
    wish.n_threads_http = 4
    wish.warmup = False
    wish.use_jinja = True
    wish.fit_params = False
    server = xllamacpp.Server(wish)
    print(f"{server.listening_address}/v1", flush=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write and serve a tiny random model.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    path = options.folder / "tiny.gguf"
    if not path.exists():
        write_model(path)
    serve(path, options.port)


if __name__ == "__main__":
    main()
