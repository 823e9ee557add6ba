"""Plain words that decide a move by themselves: without them nobody promises or names themselves; with them the customer is
told to calm down or to mind their manners, is calmly told to stop abusing, or is abused in turn."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from coach.understanding.sieve import Sifted

_PROMISES = Sifted(
    r"保证|担保|打包票|打保票|拍胸|说了算|放一百个心|没问题|绝对|百分之?百|百分百|铁定|妥妥|算数|我做主|"
    r"(一定|肯定|必|绝)[给能会到修退办不没让帮好搞成]|包[在您你赔好退管修过准治满]|"
    r"全免|全额|全都?[退免赔减]|全给[您你]|全校|白用|都不要钱|说话算话|肯定(有|下来|行)|[您你]别(投诉|闹)|核验我直接|只管用|免[费单掉了您你一二两三半]|终身|永远|永久|一辈子|[双三十]倍|翻倍|白送|半价|[0-9一二三四五六七八九]折|降[到成]|"
    r"随便用|想.{0,4}都行|多少送多少|直接[给免退送改]|都[给退免送赔]|一分钱?都?不|不花[您你]|"
    r"偷偷|私下|悄悄|破例|特批|后门|内部|别(跟|告诉|声张|往外)|后台(直接|改|一调)|打个?招呼|熟人|哥们|关系|我(自己|个人|私人)|加[您你]|微信|"
    r"我(说|讲)(的|了|退|给|能)|一句话的事|赔[您你]|(今天|今晚|半夜|马上|立刻|当场).{0,8}(到账|到[您你]|看到退|修好|搞定)|"
    r"[退赔送][您你给一二两三四五六七八九十百千万0-9]+[块元百千万]"
)
_NO_PROMISE = re.compile(r"(不能|没法|无法|不敢|不好|没办法|不便|不会).{0,6}(保证|承诺|答应|打包票|打保票|口头|说死)")
_DENIES = re.compile(r"[不没哪假错无未别谁非]|怎么|正常|好好的")
_NAMED = re.compile(
    r"[0-9零幺一二三四五六七八九]{2,}|工号|号(?!码)|客服|热线|专席|坐席|座席|通信|公司|中心|我是|我姓|我叫|小[^ ，。]$"
)
_CALM_DOWN = Sifted(
    r"(?<!我)(?<!我先)冷静(一?[下点些]|下来)?([，,。！!]|$|行不|好[吗吧不]|[再了吧啊呀嘛])|(?<!我)先冷静|"
    r"(先|[您你]|先生|女士|^)(能不能|可不可以|就)?别(这么|那么|再)?(激动|吵|吼|嚷|喊|闹|发火|冲动)|"
    r"([您你](先|请|要|得)?|^请)(控制|注意).{0,3}(情绪|态度)|"
    r"[您你]这(样子?(?!的)|么说话|个?(态度|样子|语气)).{0,4}(没法|没办法|不能|无法)(跟|和|给|帮|为)"
)
_MANNERS = Sifted(
    r"(^|[您你]|请|先生|女士|[您你]的)(能不能|可不可以|最好|给我)?(说话|讲话|嘴巴?|嘴里|态度).{0,3}?(注意|客气|尊重|放?干净|小心|礼貌|老实)(着)?(一?[点些下])"
    r"|^(请|[您你])?(给我)?(放尊重|(说话|嘴巴?)放干净)|^(请|给我)?注意(一下)?[您你]的?(情绪|态度|语气|素质)"
)
_AFTERWARDS = re.compile(r"(冷静|不吵).{0,4}(可以|欢迎|再打|再来)")
"""「您冷静下来可以再打」 leaves the door open when a call ends by the rule."""
_ABUSE_NAMED = Sifted(
    r"(别|不要|勿|不能|莫)(再|这样|这么|张口就)?(骂人?|辱骂|说脏话|说难听|带脏字|爆粗|出口伤人|侮辱|人身攻击)|文明(用语|说话|一?[点些])|注意[您你]?的?(用语|措辞|言辞)"
)
_FOUL = re.compile(r"[他你]妈|妈的|有病|滚|闭嘴|神经|傻|混蛋|嘴臭")
_ABUSES = Sifted(
    r"[他你]妈(?!妈)(?!的?(手机|号|电话|卡|套餐|名|身份|账|话费|流量|宽带|家|网|生日|用|那|这|办|打|来|在|要|给|也|是|说|年))|"
    r"(^|[，。！!你他])妈的|(^|给我|快|你)滚(蛋|开|出去?|远点)?([吧啊，。！!]|$)|滚蛋|去[你您]的(?![时那电手])|[你您]脑子(有|进)|"
    r"^神经病|[你您](是|个|这个?)?(神经病|有病(吧|啊|是)|傻[子逼瓜]|混蛋|王八蛋|白痴|废物)|"
    r"^(傻[逼子叉]|混蛋|王八蛋)|(给我|[你您])闭嘴|放(你|他)?(妈|娘)?的?狗?屁|[操草肏][你您]|老子"
)
_QUOTES = re.compile(r"(骂|说|叫|喊|称)我|带着?[他你]妈|[「『“‘\"]|老子(说|道德)")
"""「您刚才骂我滚」 tells what the customer said."""
_TO_THE_MATTER = re.compile(
    r"(好好|慢慢|心平气和.{0,2})[说讲]|有事[说讲]事|有(话|什么事|啥事|事).{0,4}[说讲]|只?[说讲谈聊](事|业务|正事)"
)

_PLAIN_QUESTION = Sifted(
    r"什么时候|啥时候|何时|哪[天年]|哪个月|几[号点]|多久|多少(兆|钱|流量|天|分钟)|什么(牌子|型号|颜色|套餐)|哪(个|家)(营业厅|小区|城市)"
)
_REPROACH = re.compile(
    r"谁|凭什么|难道|不是|还[要想]|自己|怎么|才|到底|不会|知不知道|早|您?想想|我(们)?(跟|给)?[您你]?(说|讲|答应|保证|承诺)"
)


def may_promise(turn: str) -> bool:
    """Whether `promises` can be true of the clauses of this turn."""
    return _PROMISES.may_match(turn)


def may_ask_plainly(turn: str) -> bool:
    """Whether `asks_plainly` can be true of any clause of this turn."""
    return _PLAIN_QUESTION.may_match(turn)


def asks_plainly(clause: str) -> bool:
    """「您家网是什么时候断的呀」: asks for a date, an amount, a name, and reproaches nobody."""
    return bool(_PLAIN_QUESTION.pattern.search(clause)) and not _REPROACH.search(clause)


def tells_to_calm_down(clause: str) -> bool:
    """「您冷静一下」, 「您这样我没法跟您说」: the customer's feeling is forbidden, or made the condition of any help."""
    return bool(_CALM_DOWN.pattern.search(clause)) and not _AFTERWARDS.search(clause)


def reproves_manners(clause: str) -> bool:
    """「您说话注意点」: orders the customer to behave. 「您说话真客气」 and 「我说话注意点」 do not."""
    return bool(_MANNERS.pattern.search(clause))


def abuses(clause: str) -> bool:
    """「你他妈别骂人」: foul words at the customer, whatever else the clause asks for."""
    return bool(_ABUSES.pattern.search(clause)) and not _QUOTES.search(clause)


def names_abuse(clause: str) -> bool:
    """「您别骂人」: asks to stop the abuse, without foul words of one's own."""
    return bool(_ABUSE_NAMED.pattern.search(clause)) and not _FOUL.search(clause)


class Heated(NamedTuple):
    """What may be asked of a turn's clauses; of the four, those that can't be true of any of them always say no."""

    abuses: Callable[[str], bool]
    names_abuse: Callable[[str], bool]
    tells_to_calm_down: Callable[[str], bool]
    reproves_manners: Callable[[str], bool]


def heated(turn: str) -> Heated | None:
    """None when the turn holds nothing of the kind."""
    asked = (
        (_ABUSES, abuses),
        (_ABUSE_NAMED, names_abuse),
        (_CALM_DOWN, tells_to_calm_down),
        (_MANNERS, reproves_manners),
    )
    can_be = [words.may_match(turn) for words, _ in asked]
    if not any(can_be):
        return None
    return Heated(*(ask if can else _never for can, (_, ask) in zip(can_be, asked, strict=True)))


def _never(_: str) -> bool:
    return False


def back_to_the_matter(clause: str) -> bool:
    """「有什么事好好说」."""
    return bool(_TO_THE_MATTER.search(clause))


def promises(text: str) -> bool:
    """Whether the words swear to something or give it away. 「请您放心，我们会尽快」 does neither."""
    return bool(_PROMISES.pattern.search(text)) and not _NO_PROMISE.search(text)


def denies(text: str) -> bool:
    """Whether a word of refusal is there at all. 「我查到了，系统里有记录」 holds none."""
    return bool(_DENIES.search(text))


def names_oneself(text: str) -> bool:
    """Whether a company, a number or a name is said. 「很高兴为您服务」 says none of them."""
    return bool(_NAMED.search(text))
