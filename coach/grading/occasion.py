"""What kind of call and what kind of customer line it is, where feelings don't say: by words alone.

A practised call knows its direction and whom it is with; a transcript read in may only show it.
"""

from __future__ import annotations

import re

_ESCALATION = re.compile(
    r"(叫|找|让|换|转|要见|要找|接).{0,6}(领导|经理|主管|班长|负责人|上级|管事|说了算|能做主|专席)|(领导|经理|主管|班长|负责人).{0,4}(叫来|喊来|叫出来|找来|出来|接电话|过来)|投诉|工信部|消协|消费者协会|1231[05]|12300|12345|媒体|曝光|监管|起诉|法院|告你们"
)
_REFUSAL = re.compile(
    r"(不|没)(需要|用了|想办|办了|考虑|感兴趣|兴趣|打算)|不要了?[，。！!]|^不要|不办|不换|不想(换|要|听|办|买)|不用[，。！!了]|^不用|算了吧?|别(推销|打了|再打)|没空|没时间|再说吧|回头再说"
)
_WONDERS = re.compile(r"谁来|怎么(办|弄)|万一|要是")
_SENTENCE = re.compile(r"[^。！？!?；]+(?![？?])[。！!；]?")
_BUYING = re.compile(
    r"怎么(办理|开通|申请|登记)|什么时候(生效|开始|能用|到)|多少钱|多少一个月|贵不贵|要签(约|合同)|有合约吗|能(不能)?(试|先用|退)|万一不(好|合适|够)|(别人|有人)用(过|的)?(吗|怎么样)|"
    r"还有(什么|啥)优惠|(要|用)(带|提供)(什么|啥)|那要是|比现在(多|少)|够(不够|用吗)|当月|下个?月(就)?(能|开始|生效)"
)
_SALE = re.compile(
    r"套餐|资费|优惠|活动|升(级|档)|降档|换(个|成)?(套餐|别家|号)|携(号|转)|转(网|走)|月租|包月|V网|家校|校讯|推荐|办(理)?(一|个)|流量包|会员|便宜|划算|别家|隔壁|"
    r"退订|退了吧|不要了|用不着|不需要|邮箱|免费的|三块|一个月多少|新客户|老客户|比你们"
)
_TROUBLE = re.compile(
    r"断|没网|没信号|上不(了|去)|多扣|乱扣|多出来|没(办|开|订|听)过|坏|修|投诉|没来|骗钱|停机|失败|爽约|多收|扣(了|我)|收不到"
)
_WE_CALL = re.compile(
    r"给您(打|去|来)(这|个|一)|打扰您|占(用)?您.{0,4}(分钟|时间)|给您来电|回访|来电是(想|为)|致电给?您|冒昧"
)
_VIP = re.compile(
    r"贵宾|VIP|vip|专席|钻石|白金|尊享|客户经理|集团客户|大客户|董事长|(我|本人)?(是|姓).{0,4}(总|董)[，。,]|我们(集团|公司)"
)


def is_escalation(line: str) -> bool:
    """Asks for a superior, or threatens to complain."""
    return bool(_ESCALATION.search(line))


def is_refusal(line: str) -> bool:
    """A plain no to what is offered. Beside a question about how it would work it still wants to hear something."""
    return not _WONDERS.search(line) and any(_REFUSAL.search(part) for part in _SENTENCE.findall(line))


def is_buying(line: str) -> bool:
    """Asks what people ask who begin to want it."""
    return bool(_BUYING.search(line))


def is_outbound(first_words: str) -> bool:
    """Whether the agent's first words are those of somebody who called."""
    return bool(_WE_CALL.search(first_words))


def is_vip(words: str) -> bool:
    """Whether words of either side speak of a customer with a named desk or rank."""
    return bool(_VIP.search(words))


def is_sale(customer: str, agent: str) -> bool:
    """Whether the call is about taking, keeping or comparing a product, and not about trouble with one."""
    theirs = len(_SALE.findall(customer))
    spoken_of = theirs + len(_SALE.findall(agent))
    return theirs > 0 and spoken_of >= 2 and spoken_of > 2 * len(_TROUBLE.findall(customer))
