"""A training document -> numbered paragraphs. Office files and PDF go through a converter, plain text and Markdown are read here."""

from __future__ import annotations

import io
import json
import math
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from coach.batch.encodings import read_text
from coach.content.mistakes import Said
from coach.errors import InputError
from coach.grading.masking import Mask

ENDINGS = (".docx", ".pptx", ".pdf", ".txt", ".md")
_CONVERTED = (".docx", ".pptx", ".pdf")
MOST_FILE = 20 * 2**20
_MOST_UNPACKED = 200 * 2**20
_SECONDS = 90
MOST_CHARS = 12_000
"""Characters of a document that a model is given; the most telling paragraphs are chosen when there are more."""
_LONGEST = 600
"""Characters of one paragraph; longer ones are cut into several at their sentences."""
_SLIDE = re.compile(r"<!--\s*Slide number:\s*(\d+)\s*-->")
_NOISE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<!--.*?-->|<[^>\n]{1,80}>", re.DOTALL)
_NAMES = re.compile(
    r"(?:我叫|本人|名字(?:是|叫)|机主(?:是|叫|姓名)?[:：]?|户主(?:是|叫)?)((?![一-鿿]{0,2}(?:什么|多少|不))[一-鿿]{2,3})(?=[，。,.、；!！?？\s]|$|的|啊|呀)|姓([一-鿿])[，,、 ]*(?:叫|名)?(\2[一-鿿]{1,2})"
)
_TELLING = re.compile(
    r"客户|顾客|来电|投诉|抱怨|情绪|生气|发火|要求|不满|异议|骚扰|坐席|客服|话务|话术|语气|倾听|提问|道歉|安抚|承诺|规定|不能|必须|应当|评分|检查|扣分|[:：「“]"
)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph (or turn of a call). `number` counts from 1; `place` is where it stands, such as a slide."""

    number: int
    text: str
    place: str = ""
    role: str = ""
    """agent or customer in a call; empty in a document."""

    def quoted(self) -> str:
        return f"[{self.number}]{f'（{self.place}）' if self.place else ''} {self.text}"


@dataclass(frozen=True)
class Source:
    """What a draft is made from, masked: names, numbers and addresses of people are placeholders already."""

    file: str
    paragraphs: tuple[Paragraph, ...]
    remarks: tuple[Said, ...] = ()

    def chosen(self, most: int = MOST_CHARS) -> tuple[tuple[Paragraph, ...], tuple[Said, ...]]:
        """The paragraphs a model is given, in their order, and a notice when that is not all of them."""
        if sum(len(one.text) for one in self.paragraphs) <= most:
            return self.paragraphs, ()
        ranked = sorted(self.paragraphs, key=lambda one: (-_telling(one), one.number))
        kept: set[int] = set()
        size = 0
        for one in ranked:
            if size + len(one.text) <= most:
                kept.add(one.number)
                size += len(one.text)
        chosen = tuple(one for one in self.paragraphs if one.number in kept)
        count, all_of_them = len(chosen), len(self.paragraphs)
        return chosen, (
            Said(
                f"材料太长：{all_of_them} 段里挑了讲客户和话术最多的 {count} 段给模型，没看的是第 {_runs(one.number for one in self.paragraphs if one.number not in kept)} 段",
                f"The document is long: {count} of {all_of_them} paragraphs, those that say most about customers, went to the model; not {_runs(one.number for one in self.paragraphs if one.number not in kept)}",
            ),
        )


def _telling(paragraph: Paragraph) -> float:
    return len(_TELLING.findall(paragraph.text)) / math.sqrt(20 + len(paragraph.text))


def _runs(numbers: Iterable[int]) -> str:
    """1、2、3、7 as 1–3、7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return "、".join(shown[:12]) + ("……" if len(shown) > 12 else "")


def read_source(raw: bytes, file: str) -> Source:
    """The masked paragraphs of a document.

    Raises:
        InputError: an unknown kind of file, too large, damaged, or nothing to read in it.
    """
    ending = PurePath(file).suffix.lower()
    if ending not in ENDINGS:
        known = " ".join(ENDINGS)
        old = ending in (".doc", ".ppt")
        hint = ("，请先另存为新格式", "; save it in the newer format first") if old else ("", "")
        raise InputError(
            f"读不了 {file}：可以给 {known}{hint[0]}。", f"{file} can't be read: give one of {known}{hint[1]}."
        )
    if len(raw) > MOST_FILE:
        raise InputError(
            f"{file} 有 {len(raw) / 2**20:.0f} MB，最多 {MOST_FILE // 2**20} MB。把图片压缩或去掉再试。",
            f"{file} has {len(raw) / 2**20:.0f} MB of at most {MOST_FILE // 2**20}. Leave out or compress its pictures.",
        )
    text = _converted(raw, file, ending) if ending in _CONVERTED else _plain(raw, file)
    blocks = _paragraphs(text)
    mask = Mask(told_names(body for _, body in blocks))
    paragraphs = tuple(Paragraph(number, mask.mask(body), place) for number, (place, body) in enumerate(blocks, 1))
    if not paragraphs:
        scanned = ("（扫描件没有文字层，先做文字识别）", " (a scan has no text: run text recognition first)")
        more = scanned if ending == ".pdf" else ("", "")
        raise InputError(f"{file} 里没有读到文字{more[0]}。", f"No text was found in {file}{more[1]}.")
    return Source(file, paragraphs)


def told_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Names that people give as their own, or that follow a surname told first: 「我叫…」, 「姓周，周…」."""
    return tuple(dict.fromkeys(hit[1] or hit[3] for text in texts for hit in _NAMES.finditer(text)))


def _plain(raw: bytes, file: str) -> str:
    try:
        return read_text(raw)
    except UnicodeDecodeError:
        raise InputError(
            f"{file} 不是 UTF-8 或 GB18030 文字，请另存为 UTF-8。",
            f"{file} is neither UTF-8 nor GB18030; save it as UTF-8.",
        ) from None


def _converted(raw: bytes, file: str, ending: str) -> str:
    if ending != ".pdf":
        _look_inside(raw, file)
    elif not raw.lstrip().startswith(b"%PDF"):
        raise _damaged(file)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "coach.authoring.converting", ending],
            input=raw,
            capture_output=True,
            timeout=_SECONDS,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise InputError(
            f"{file} 转换了 {_SECONDS} 秒还没完，停下了。拆成小一点的文件再试。",
            f"{file} was not converted after {_SECONDS} seconds. Split it into smaller files.",
        ) from None
    except ValueError:
        raise _damaged(file) from None
    if answer.get("error") == "missing":
        raise InputError(
            "读 Word、PPT、PDF 要先装转换组件：pip install 'hotline-coach[documents]'。也可以把文字另存为 .txt 或 .md 再来。",
            "Word, PowerPoint and PDF need the converter: pip install 'hotline-coach[documents]'. Or save the text as .txt or .md.",
        )
    if "error" in answer:
        raise _damaged(file)
    return str(answer["text"])


def _damaged(file: str) -> InputError:
    return InputError(
        f"{file} 打不开：文件坏了、加了密码，或者后缀和内容不符。请重新另存一份。",
        f"{file} can't be opened: damaged, locked with a password, or not what its ending says. Save it again.",
    )


def _look_inside(raw: bytes, file: str) -> None:
    """Office files are archives: their size unpacked is looked at before anything unpacks them."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise _damaged(file) from None
    if size > _MOST_UNPACKED:
        raise InputError(
            f"{file} 解开后有 {size // 2**20} MB，最多 {_MOST_UNPACKED // 2**20} MB，没有打开。",
            f"{file} would unpack to {size // 2**20} MB of at most {_MOST_UNPACKED // 2**20}; it was not opened.",
        )


def _paragraphs(text: str) -> list[tuple[str, str]]:
    """(place, text): blocks between blank lines, rows of tables and items of lists by themselves."""
    found: list[tuple[str, str]] = []
    place = ""
    for block in re.split(r"\n\s*\n|\f", text.replace("\r\n", "\n")):
        pieces: list[str] = []
        for line in block.split("\n"):
            if slide := _SLIDE.search(line):
                place = f"第{slide[1]}页"
            clean = " ".join(_NOISE.sub(" ", line).split())
            if not clean or set(clean) <= set("|-: "):
                continue
            own = bool(re.match(r"^([-*•·●]|\d+[.、)]|[|#]|[^：:]{1,6}[：:])", clean))
            if own or not pieces or pieces[-1].startswith(("#", "|")):
                pieces.append(clean)
            else:
                pieces[-1] += clean
        for piece in pieces:
            shown = piece.strip("|#*- ").replace(" | ", "；")
            found += [(place, part) for part in _parts(shown) if len(part) > 1]
    return found


def _parts(text: str) -> list[str]:
    if len(text) <= _LONGEST:
        return [text]
    parts = [""]
    for sentence in re.findall(r"[^。！？!?；]+[。！？!?；]*|[。！？!?；]+", text):
        for start in range(0, len(sentence), _LONGEST):
            piece = sentence[start : start + _LONGEST]
            if parts[-1] and len(parts[-1]) + len(piece) > _LONGEST:
                parts.append("")
            parts[-1] += piece
    return [part.strip() for part in parts]
