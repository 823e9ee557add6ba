"""Transcripts to measure with: calls of 12 turns and about 480 characters, put together from sentences of our own, the same every time."""

from __future__ import annotations

import json
import random
from pathlib import Path

CUSTOMER = [
    "你们怎么回事啊，我家宽带又断了，上个礼拜才修过，今天一早起来又上不去网了",
    "我都打了三次电话了，每次都说给我登记，到现在也没有一个人给我回过电话",
    "别跟我说这些没用的，你就告诉我今天到底能不能来人，孩子晚上还要上网课呢",
    "那这个月的费用怎么算，断了这么多天，你们还照样扣我的钱，这合理吗",
    "我重启过了，光猫上面那个红灯一直在闪，路由器我也拔了插了好几遍了",
    "行吧，那你说的这个单子多长时间有人联系我，我不能一直在家里等着",
    "我问你的是为什么老断，不是让你给我念规定，你到底听没听我说话",
    "隔壁那家的网一百块钱一个月从来不断，你们这个又贵又不好用",
    "好，那我就信你这一回，要是明天还没有人来，我就去投诉你们",
    "尾号是三七二六，名字是我爱人的，地址就是上次登记的那个地方",
]
AGENT = [
    "您好，青桥热线，工号三零五二，很高兴为您服务，请问有什么可以帮您",
    "真的很抱歉，修过又断，还让您一趟一趟地打电话，换了谁都会着急的",
    "您说的是上周修好以后，今天早上又断了，红灯一直闪，是这样对吗",
    "我先在系统里看一下您家的线路，大概需要半分钟，您别挂电话",
    "系统显示光信号偏弱，应该是入户那一段的问题，需要师傅上门来看",
    "我现在就给您提交加急工单，师傅今天晚上八点以前会跟您约时间",
    "断网的这几天我给您登记核查，符合规定的话会从账单里扣除",
    "这个我做不了主，我能做的是把您的情况原原本本写进单子里，今天就转过去",
    "您家里这几天上网都受了哪些影响，孩子的课是几点开始",
    "除了网络这件事，您看还有别的需要我一起处理的吗",
    "感谢您的耐心，祝您生活愉快，再见",
    "根据规定这种情况我们都是四十八小时之内处理的，请您耐心等待",
]


def call(number: int, turns: int = 12) -> dict[str, object]:
    """One call; no two numbers give the same words."""
    chance = random.Random(number)
    said = []
    for at in range(turns):
        text = chance.choice(AGENT if at % 2 else CUSTOMER)
        said.append(
            {
                "role": "agent" if at % 2 else "customer",
                "text": f"{text}，{chance.randrange(10**6)}" if at == 0 else text,
            }
        )
    return {"id": f"call-{number:06}", "turns": said}


def write(path: Path, count: int, turns: int = 12) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps(call(number, turns), ensure_ascii=False) + "\n")
    return path
