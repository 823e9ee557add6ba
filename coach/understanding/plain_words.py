"""Moves that nobody makes without a word for it: what the classifier believes to be one is dropped where no such word stands."""

from __future__ import annotations

import re

_PROMISES = re.compile(
    r"保证|担保|打包票|打保票|拍胸|说了算|放一百个心|没问题|绝对|百分之?百|百分百|铁定|妥妥|算数|我做主|"
    r"(一定|肯定|必|绝)[给能会到修退办不没让帮好搞成]|包[在您你赔好退管修过准治满]|"
    r"全免|全额|全都?[退免赔减]|全给[您你]|全校|白用|都不要钱|说话算话|肯定(有|下来|行)|[您你]别(投诉|闹)|核验我直接|只管用|免[费单掉了您你一二两三半]|终身|永远|永久|一辈子|[双三十]倍|翻倍|白送|半价|[0-9一二三四五六七八九]折|降[到成]|"
    r"随便用|想.{0,4}都行|多少送多少|直接[给免退送改]|都[给退免送赔]|一分钱?都?不|不花[您你]|"
    r"偷偷|私下|悄悄|破例|特批|后门|内部|别(跟|告诉|声张|往外)|后台(直接|改|一调)|打个?招呼|熟人|哥们|关系|我(自己|个人|私人)|加[您你]|微信|"
    r"我(说|讲)(的|了|退|给|能)|一句话的事|赔[您你]|(今天|今晚|半夜|马上|立刻|当场).{0,8}(到账|到[您你]|看到退|修好|搞定)|"
    r"[退赔送][您你给一二两三四五六七八九十百千万0-9]+[块元百千万]"
)
_NO_PROMISE = re.compile(r"(不能|没法|无法|不敢|不好|没办法|不便|不会).{0,6}(保证|承诺|答应|打包票|打保票|口头|说死)")
_NAMED = re.compile(
    r"[0-9零幺一二三四五六七八九]{2,}|工号|号(?!码)|客服|热线|专席|坐席|座席|通信|公司|中心|我是|我姓|我叫|小[^ ，。]$"
)


def promises(text: str) -> bool:
    """Whether the words swear to something or give it away. 「请您放心，我们会尽快」 does neither."""
    return bool(_PROMISES.search(text)) and not _NO_PROMISE.search(text)


def names_oneself(text: str) -> bool:
    """Whether a company, a number or a name is said. 「很高兴为您服务」 says none of them."""
    return bool(_NAMED.search(text))
