"""How a customer line feels: how strongly upset or out of bounds it is, and whether it asks, reports or objects.

Plain code over words and forms, so that the same line always reads the same. Used to see feeling that stays
unanswered (`ignore_feeling`) and by the checks of the rubrics (`Applies.to`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from coach.understanding.sieve import Sifted

Kind = Literal["upset", "harassed", "question", "problem", "objection"]

_STRONG_UPSET = (
    r"气死|气炸|气疯|火大|窝火|恼火|受够|忍无可忍|忍不了|忍你们|骗子|骗人|坑人|坑我|坑爹|坑老百姓|太黑|黑心|抢钱|抢劫|欺负|欺人|耍我|玩我|"
    r"耍人|当猴|糊弄|忽悠|什么态度|什么玩意|什么东西|什么服务|什么破|破公司|破网|垃圾|混蛋|王八|他妈|妈的|特么|滚|放屁|狗屁|扯淡|"
    r"有病|脑子|废物|蠢|猪|不要脸|缺德|良心|急死|急疯|急得|愁死|烦死|烦透|吓死|吓坏|要命|崩溃|受不了|没法活|哭|呜|绝望|"
    r"过分|离谱|太欺|可恶|无耻|丢人|凭什么|凭啥|岂有此理|荒唐|笑话|投诉你|要投诉|去投诉|我投诉|工信部|消协|12315|12300|媒体|记者|曝光|"
    r"法院|起诉|律师|叫你们(领导|经理|主管)|找你们(领导|经理|主管)|你们(领导|经理|主管)呢|少废话|别废话|别跟我|别给我|少来|说了多少遍|"
    r"疯了|快疯|要疯|逼疯|转疯|炸了|扛不住|撑不住|活不下|活着没|不想活|没法过|心慌|手抖|吓得|吓我|睡不着|一宿没|有脸|要不要脸|有没有心|没良心|有完没完|审犯人|"
    r"暴脾气|糨糊|人话|听见没有|听懂没|你听听|哽咽|出人命|出大事|急坏|急哭|急眼|看不起|瞧不起|当我(傻|是傻)|放鸽子|诈骗|被骗|骗走|骗了|还让不让|还有没有(王法|天理)|害(我|得|死)|赔我|赔钱|赔偿|你赔|谁赔|毁了|黄了|白跑|白等|干等|去世|走了以后|没了他|救命"
)
_MILD_UPSET = (
    r"生气|着急|很急|太急|急用|急着|好急|心急|烦|气人|郁闷|委屈|难受|失望|伤心|担心|害怕|怕|不放心|心里不|不满|不舒服|太慢|老是|"
    r"又(是|来|断|没|扣|错|让|停|给)|到底|怎么回事|怎么搞的|搞什么|什么意思|有没有人管|没人管|不管|推来推去|踢皮球|踢来|来回|跑了|打了.{0,4}(次|遍|回|个)|"
    r"第[二三四五六七八九十0-9]+[次遍回]|[两三四五六七八九十0-9]+[次遍回]了|[两三四五六七八九十0-9半]+(天|个月|个星期|周|个小时|个钟头)了|等了|拖|"
    r"耽误|影响|没用|算什么|说话不算|说好的|答应|不讲理|讲不讲|合着|欺|乱扣|乱收|偷|吞|莫名其妙|太贵|太不|怎么能|怎么可以|有你们这样|"
    r"我问(你|的是)|我都?说了|先(回答|告诉)我|你就说|哪有(这|那)|不给|没动静|管不管|等着(出|用|上|办|开|救|要)|出事|慌|损失|扛|白花|通融|失业|住院|手术|化疗|轮椅|"
    r"发烧|烧到|联系不上|打不出|一个人(在|住)|八十|老糊涂|怎么(还|又|不|没|就|老|扣|少|多)|为(什么|啥)(还|又|不|没|老|被|收|扣)|谁(来|给|让|同意)|算谁|说改就改|鬼啊|个鬼|个屁|推来|踢了|"
    r"糟心|闹心|折腾|麻烦死|无语|服了|真是的|够了|算了吧|不干|不行|必须|马上|立刻|现在就|天天|每次|还要等|还得等"
)
_STRONG_HARASSED = (
    r"废物|蠢|猪脑|你妈|他妈|妈的|操你|滚|贱|傻[子逼叉x]|有病|白痴|脑残|神经病|你算(什么|个)|你这种人|你也配|配(接|做)|不要脸|狗|"
    r"小妹妹|小姐姐|美女|宝贝|亲爱的|老婆|么么|亲一|抱抱|摸|睡(觉|一)|陪我|穿(的|了)?(什么|啥)|身材|胸|腿|三围|内衣|约(个|会|你)|"
    r"请你吃|请你喝|加(个|你)?微信|加我|你(的)?微信|私人(电话|号码|微信)|男朋友|女朋友|结婚(了)?(没|吗)|单身|住(哪|在哪)|一个人住|哪里人|"
    r"多大(了|年纪|岁)|几岁|声音.{0,6}(好听|甜|嗲)|长(得|什么样)|照片|发红包|等着瞧|弄死|砍|打死|堵你|到楼下|找人|你下班|下班.{0,4}(路|走|见|等)"
)
_MILD_HARASSED = r"聊聊天|聊会|陪.{0,3}(聊|说)|无聊|唱(个|首)|讲个(笑话|故事)|你叫什么|真名|叫(声|我).{0,3}(哥|爸|爷|老公)|开玩笑|别挂|骂|哈哈|嘿嘿|心情|喜欢你|想你|没业务|没什么事"
_QUESTION = r"[?？]|吗|呢$|么$|怎么(办|弄|回事|样|开|查|用|取消|退|算|选|会)|为什么|为啥|凭什么|什么时候|多少|多久|哪[里个天儿些种]|几[点天号个]|是不是|有没有|能不能|可不可以|会不会|要不要|想问|请问|咋"
_PROBLEM = (
    r"断|没网|上不(了|去)|打不(开|通|了|出)|连不上|卡|慢|掉线|没信号|信号(不|差|弱)|坏|故障|红灯|不亮|没(来|到|收到|人|声音|反应)|多扣|乱扣|扣了|扣我|"
    r"多(收|出)|被(扣|停|开|改|骗|盗)|停机|没(办|开|订|用)过|收不到|用不了|不能用|错了|不对|失败|超(出|了)|爽约|没修|修了|还没|重复(扣|收)|少了|没(退|给|返)|怎么回事"
)
_OBJECTION = (
    r"不要|不用|不需要|不想|不办|算了|太贵|贵了|不划算|不值|骗人|忽悠|套路|我不信|不相信|谁信|别家|人家|隔壁|他们家|移(动|家)|联(家|合)|比你们|便宜|"
    r"没必要|没用|用不(着|上)|考虑(一下|考虑)|再说吧|不感兴趣|没兴趣|凭什么|不公平|不同意|不接受|不行|不可能|不合理|哪有这|说得好听|有什么用|真的假的|靠谱吗|那又怎"
)


def _words(pattern: str) -> Sifted:
    """Groups made non-capturing, so that findall gives the words themselves."""
    return Sifted(re.sub(r"\((?!\?)", "(?:", pattern))


_S_UPSET, _M_UPSET = _words(_STRONG_UPSET), _words(_MILD_UPSET)
_S_HARASSED, _M_HARASSED = _words(_STRONG_HARASSED), _words(_MILD_HARASSED)
_ASKS, _REPORTS, _OBJECTS = _words(_QUESTION), _words(_PROBLEM), _words(_OBJECTION)
_SHOUT = Sifted(r"[！!]{2,}|[？?]{2,}|[！!][？?]|[？?][！!]")


@dataclass(frozen=True, slots=True)
class Feeling:
    """Strengths from 0 (none) to 3 (very strong); `question`, `problem`, `objection` are 0 or 1."""

    upset: int = 0
    harassed: int = 0
    question: int = 0
    problem: int = 0
    objection: int = 0

    @property
    def strong(self) -> bool:
        """Feeling that wants an answer before business goes on."""
        return self.upset >= 2

    def has(self, kind: Kind) -> bool:
        """Whether the line counts as one of this kind for the checks of a rubric."""
        threshold = 2 if kind in ("upset", "harassed") else 1
        return int(getattr(self, kind)) >= threshold


@lru_cache(maxsize=4096)
def feeling(line: str) -> Feeling:
    """Reads one customer line."""
    strong, mild = len(set(_S_UPSET.findall(line))), len(set(_M_UPSET.findall(line)))
    shouts = len(_SHOUT.findall(line)) + min(2, line.count("！") + line.count("!"))
    score = 2 * strong + mild + shouts
    upset = 0 if score == 0 else 1 if score == 1 else 2 if score < 5 else 3
    pester, idle = len(set(_S_HARASSED.findall(line))), len(set(_M_HARASSED.findall(line)))
    harassed = min(3, 2 * pester + idle) if pester or idle else 0
    return Feeling(
        upset,
        harassed,
        int(bool(_ASKS.search(line))),
        int(bool(_REPORTS.search(line))),
        int(bool(_OBJECTS.search(line))),
    )
