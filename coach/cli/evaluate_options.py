"""What `coach evaluate` can be told, with the help that stands beside each. The defaults are in the command itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="通话文件、文件夹、带 * 的路径，或 - · files, folders, patterns, -"),
]
Out = Annotated[Path, typer.Option(help="结果写到这个文件夹 · folder for the results")]

# what is graded, and how
Rubrics = Annotated[list[str] | None, typer.Option(help="评分表编号，逗号分开；all 是全部 · rubric ids, or all")]
Offline = Annotated[bool, typer.Option("--offline", help="不用大模型，只按规则评 · rules only, no model")]
Limit = Annotated[int | None, typer.Option(min=1, help="这一次最多评多少通 · grade at most so many")]
Votes = Annotated[int, typer.Option(min=1, max=9, help="每个检查点请大模型判几次 · votes of the judge a check")]
Lang = Annotated[Literal["zh", "en"], typer.Option(help="理由和反馈的语言 · language of reasons")]
HouseRules = Annotated[
    bool,
    typer.Option(
        "--house-rules", help="把 operator.yaml 的规定给模型看，好判越权许诺 · show the judge the house rules"
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="只看计划：通数、请求、token、费用、时间 · print the plan and stop")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="字段=列名,说话人=agent|customer",
        help="哪一列是什么、谁是坐席 · columns (id, role, text, order, dialogue) and speakers",
    ),
]

# how fast, and where
Concurrency = Annotated[int, typer.Option(min=1, max=1024, help="同时发多少个请求 · requests at a time")]
Rpm = Annotated[float | None, typer.Option(min=1, help="每分钟最多多少请求 · requests a minute")]
Tpm = Annotated[float | None, typer.Option(min=1, help="每分钟最多多少 token · tokens a minute")]
Processes = Annotated[int, typer.Option(min=0, help="用几个进程；0 是看着办 · processes; 0 takes what pays")]
EngineName = Annotated[
    Literal["local", "openai-batch", "dask"],
    typer.Option(help="在哪里评：本机、服务商的批量接口（半价，一天内）、Dask 集群 · where the work is done"),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Dask 调度器地址；不写就在本机起一个 · Dask scheduler, else a local one"),
]
StoreUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="结果库，默认在结果文件夹里 · result store (PostgreSQL URL), else in --out"),
]
