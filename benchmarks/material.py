"""Transcripts to measure with: calls of 12 turns and about 480 characters, the same every time.

Every sentence is put together anew from clauses by rule (an opening, a middle, an end, with times, amounts, names of things and
little words drawn each), so that hardly a turn is ever said twice: what the program keeps from turn to turn (`lru_cache`) helps
it here as little as in real calls.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path

WORDS: dict[str, tuple[str, ...]] = {
    "day": ("今天", "昨天", "前天", "上个礼拜", "礼拜三", "周末", "月初", "这两天", "十五号", "二十六号", "上个月", "国庆前后"),
    "time": ("一早起来", "中午吃饭那会儿", "晚上八点多", "下午三点", "半夜", "刚才", "下了班回来", "接孩子的时候", "九点半", "天一黑"),
    "thing": ("宽带", "光猫", "路由器", "电视盒子", "手机流量", "副卡", "那个套餐", "会员", "宽带提速包", "家里的监控", "专线", "短信"),
    "fault": ("又断了", "老是掉线", "一直闪红灯", "转圈转个没完", "打不开", "慢得跟什么似的", "说停就停", "没信号", "时好时坏", "连不上"),
    "who": ("我家孩子", "我爱人", "老人", "我们店里", "隔壁", "公司那边", "我妈", "住院的亲戚", "我们宿舍", "楼下邻居"),
    "need": ("晚上要上网课", "等着交作业", "要收货款", "要开会", "看不了病历", "要付款", "等电话", "要发文件", "要看电视", "要挂号"),
    "sum": ("三十九块", "一百二十八", "六十多", "十九块九", "两百来块", "八块钱", "四十五块六", "小一百", "三百块", "十二块"),
    "count": ("两次", "三回", "四五遍", "第三次", "不下五趟", "七八个电话", "好几回", "第二遍"),
    "by": ("今天晚上八点以前", "明天中午之前", "二十四小时内", "这个礼拜五以前", "两个小时之内", "后天上午", "今天下班前", "三个工作日里"),
    "name": ("陈女士", "王先生", "刘阿姨", "赵师傅", "林小姐", "周先生", "孙女士", "何先生"),
    "staff": ("三零五二", "二一七八", "四四零九", "六零三一", "五五二七", "一零八六", "七七三四", "九零一五"),
    "um": ("", "", "那个，", "就是说，", "嗯，", "这样，", "那么，", "呃，"),
}  # fmt: skip
CUSTOMER: tuple[tuple[str, ...], ...] = (
    ("你们怎么回事啊", "喂", "我跟你说", "又是你们家", "我问一下啊", "不是我说你们", "麻烦你给看看", "我就想弄明白一个事", "哎你好", "我真是没办法了"),
    ("我家{thing}{day}{fault}", "{day}{time}{thing}就{fault}", "{who}用的{thing}{fault}", "这个月多扣了我{sum}", "{thing}办的时候说是{sum}，现在扣{sum}",
     "{day}来人修过，{time}{thing}又{fault}", "我都打了{count}了", "{who}{need}呢，{thing}{fault}", "{day}说给我登记，到现在没一个人回电话", "我{thing}根本没用过，怎么还收{sum}",
     "重启了{count}，{thing}还是{fault}", "{who}说你们{thing}只要{sum}，到我这儿怎么就贵了", "你上回让我等到{by}，我等了", "我就问你{thing}什么时候能好"),
    ("你给我个准话", "这合理吗", "到底有没有人管", "我可等不起，{who}{need}", "不行我就换别家了", "再这样我就投诉了", "你说怎么办吧", "麻烦快一点", "我不听这些，你就说{by}行不行",
     "那这{sum}退不退给我", "{who}天天念叨我", "行吧，那我等你{by}", "好，那谢谢你啊", "我信你这一回", "别又让我跑{count}", "{time}我不在家，要提前说一声"),
)  # fmt: skip
AGENT: tuple[tuple[str, ...], ...] = (
    ("您好，青桥热线，工号{staff}，很高兴为您服务", "{um}真的很抱歉，让您{day}到现在还没用上", "{name}，您先别着急", "{um}换了谁{need}都会急的", "我明白，{day}{fault}确实耽误事",
     "{um}好的{name}，我听明白了", "嗯，{thing}的事我记下来了", "抱歉，打了{count}还没给您弄好，是我们没做到位", "{um}感谢您的耐心", "您说的这个情况我看到了"),
    ("您是说{thing}{day}修过以后，{time}又{fault}，对吗", "我先看一下您家的{thing}，大概要半分钟", "系统里{day}有一笔{sum}的{thing}，是自动续的", "请问{thing}上面的灯是什么颜色的",
     "{thing}是从哪天开始{fault}的呢", "除了{thing}，别的设备能用吗", "{who}那边受了什么影响", "您希望{thing}{by}弄好，还是先给您一个临时的办法", "根据规定{thing}四十八小时之内处理",
     "{thing}{fault}多半是入户那一段光信号弱", "这{sum}里头有{sum}是{day}的，别的是这个月的", "那是您自己没关{thing}", "这个我们也没办法", "您把机主姓名和证件后四位报一下",
     "其实换成{sum}那档，{who}也够用，一个月还省{sum}"),
    ("我现在就给您提交加急单，师傅{by}跟您约时间", "符合规定的话{sum}从账单里退给您", "我{by}给您回电话", "您看这样行吗", "我做不了主，但是我把您的话原原本本写进单子里", "麻烦您别挂机，我去核对一下",
     "您去营业厅问一下吧", "除了这件事，还有别的要我一起看的吗", "祝您和{who}一切顺利，再见", "您{time}方便接师傅电话吗", "这个肯定能好，您放心", "我也跟班长说一声，{by}盯着", "您记得{time}给{thing}留着电"),
)  # fmt: skip
_HOLE = re.compile(r"\{(\w+)\}")


def sentence(parts: Sequence[Sequence[str]], chance: random.Random) -> str:
    """One clause of each part, the middle now and then twice, every hole filled by chance."""
    first, middle, last = parts
    chosen = [chance.choice(first), *chance.sample(middle, chance.choice((1, 1, 1, 2))), chance.choice(last)]
    if chance.random() < 0.25:
        del chosen[0]
    said = "".join(
        words + end for words, end in zip(chosen, [*chance.choices("，，，。？", k=len(chosen) - 1), "。"], strict=True)
    )
    return _HOLE.sub(lambda hole: chance.choice(WORDS[hole[1]]), said)


def call(number: int, turns: int = 12) -> dict[str, object]:
    """One call; the same number gives the same words."""
    chance = random.Random(number)
    said = [
        {"role": "agent" if at % 2 else "customer", "text": sentence(AGENT if at % 2 else CUSTOMER, chance)}
        for at in range(turns)
    ]
    return {"id": f"call-{number:06}", "turns": said}


def write(path: Path, count: int, turns: int = 12) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps(call(number, turns), ensure_ascii=False) + "\n")
    return path
