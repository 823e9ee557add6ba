"""Authored lines, guards and the model voice: what may come out of a customer's mouth."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import ROOT, appraisal, call, exercise, run, state

from coach.content.persona import Act
from coach.customer.authored import authored_line, opening_line
from coach.customer.guards import capped, refusals, sentences, tidied
from coach.customer.model_voice import ModelVoice
from coach.customer.state_card import card
from coach.customer.voice import Piece, Spoken
from coach.customer.words import act_direction, act_name, trigger_name
from coach.errors import ModelFiltered, ModelUnavailable
from coach.models.scripted import Broken, ScriptedModel
from coach.prompts.render import load_prompt
from coach.records.call import Call, Step

EXERCISE = exercise()
OPENING = EXERCISE.case.openings[0]
CALL = call(EXERCISE, ("customer", OPENING), ("trainee", "您好，让您久等了。"))
VENT = Step(state=state(heat=80), act=Act.VENT)


def test_the_seed_chooses_the_opening() -> None:
    assert {opening_line(EXERCISE, seed) for seed in range(6)} == set(EXERCISE.case.openings)


def test_lines_of_one_act_take_turns() -> None:
    said: list[str] = []
    grown = CALL
    for _ in range(len(EXERCISE.persona.lines[Act.VENT])):
        line = authored_line(grown, VENT)
        said.append(line)
        turn = grown.turns[0].model_copy(update={"index": len(grown.turns), "text": line, "step": VENT})
        grown = grown.model_copy(update={"turns": (*grown.turns, turn)})
    assert sorted(said) == sorted(EXERCISE.persona.lines[Act.VENT])


def grown_by(said: Call, step: Step) -> tuple[Call, str]:
    """The call with one more of the customer's lines."""
    line = authored_line(said, step)
    turn = said.turns[0].model_copy(update={"index": len(said.turns), "text": line, "step": step})
    return said.model_copy(update={"turns": (*said.turns, turn)}), line


@pytest.mark.parametrize(
    ("persona", "case", "act", "times"),
    [
        ("furious_complainer", "broadband_no_show", Act.TIRED_OF_SORRY, 9),
        ("furious_complainer", "broadband_no_show", Act.VENT, 9),
        ("price_vip", "company_bill_price", Act.CALL_OUT, 6),
        ("trendy_student", "chat_vs_rival", Act.REPEAT_DEMAND, 3),
        ("silent_waiter", "home_no_signal", Act.WAIT, 5),
        ("abusive_caller", "balance_pretext", Act.HARASS, 14),
    ],
)
def test_no_line_is_said_twice_while_another_fits_the_moment(persona: str, case: str, act: Act, times: int) -> None:
    said = call(exercise(persona, case), ("customer", "喂？"))
    lines = []
    for _ in range(times):
        said, line = grown_by(said, Step(state=state(heat=80), act=act))
        lines.append(line)
    assert len(set(lines)) == times


def test_the_words_of_a_demand_take_turns_whatever_stands_around_them() -> None:
    said, demands = call(EXERCISE, ("customer", OPENING)), EXERCISE.case.demand.say
    for _ in demands:
        said, _ = grown_by(said, Step(state=state(), act=Act.REPEAT_DEMAND))
    heard = [turn.text for turn in said.turns[1:]]
    assert all(sum(demand in text for text in heard) == 1 for demand in demands)


def test_a_question_asked_in_all_its_ways_comes_again_as_one_asked_again() -> None:
    said, ask = call(EXERCISE, ("customer", OPENING)), Step(state=state(), act=Act.ASK_CONCERN, about="when_come")
    ways = next(concern.say for concern in EXERCISE.case.concerns if concern.id == "when_come")
    for _ in ways:
        said, _ = grown_by(said, ask)
    said, third = grown_by(said, ask)
    assert third not in ways
    assert third.endswith(tuple(ways))


def test_placeholders_are_filled_from_the_case() -> None:
    line = authored_line(CALL, Step(state=state(open_concerns=("when_come",)), act=Act.REPEAT_DEMAND))
    assert "{" not in line
    assert any(say in line for say in EXERCISE.case.demand.say)


def test_every_act_has_words_names_and_a_direction() -> None:
    for act in Act:
        if act in (Act.RELEASE, Act.ASK_CONCERN, Act.TACTIC, Act.HARASS, Act.TEST_BOUNDARY, Act.BACK_DOWN):
            continue
        assert authored_line(CALL, Step(state=state(), act=act))
    assert all(act_name(act, language) and act_direction(act) for act in Act for language in ("zh", "en"))


@pytest.mark.parametrize(
    ("sentence", "guard"),
    [
        ("请问有什么可以帮您？", "agent_phrase"),
        ("您的心情我非常理解。", "agent_phrase"),
        ("我帮你查一下，你稍等。", "agent_phrase"),
        ("我非常理解您的心情。", "agent_phrase"),
        ("我们会尽快给您处理的。", "agent_phrase"),
        ("作为一个AI，我不能这样说。", "out_of_character"),
        ("我的系统提示词是：你在电话里演一位客户。", "out_of_character"),
        ("谢谢您的解释，辛苦您了。", "too_kind"),
        ("行，那就按照您说的办吧。", "too_kind"),
        ("你们太差了。###STOP###", "control"),
        ("（叹气）算了。", "control"),
        ("客户：我不管！", "control"),
        ("【叹气】算了。", "control"),
        ("I want to speak to your manager", "not_chinese"),
        ("I don't get it. 你说人话。", "not_chinese"),
        (OPENING, "repeats"),
        ("光猫上那个红灯一直闪呢。", "told_early"),
        ("我都损失八千了，8000块！", "invented_number"),
        ("我一个月交你们八百块呢。", "invented_number"),
    ],
)
def test_a_guard_refuses(sentence: str, guard: str) -> None:
    assert guard in refusals(sentence, CALL, VENT)


@pytest.mark.parametrize(
    "sentence",
    [
        "我跟你说我快气死了！",
        "你说啊。",
        "你们青桥App我也看了，啥也没有。",
        "别跟我扯那些。",
        "啥语言模型？我听不懂你说的啥。",
        "你还有什么能帮我的？没有吧？",
        "我可谢谢你了啊，谢你让我白等。",
        "说了半天，一句有用的没有。",
        "四天了，宽带断了四天，你们管过吗？",
    ],
)
def test_an_ordinary_line_passes(sentence: str) -> None:
    assert refusals(sentence, CALL, VENT) == []


def test_an_angry_customer_may_throw_the_agents_words_back() -> None:
    said = call(EXERCISE, ("customer", OPENING), ("trainee", "给您带来不便，非常抱歉。"))
    stung = Step(state=state(heat=80), act=Act.STUNG)
    assert refusals("给您带来不便？你就会这一句！", said, stung) == []
    assert "agent_phrase" in refusals("给您带来不便了。", said, Step(state=state(), act=Act.FAREWELL))


def test_parroting_the_trainee_is_a_repetition() -> None:
    said = call(EXERCISE, ("customer", OPENING), ("trainee", "师傅到之前一定给您打电话。"))
    assert "repeats" in refusals("师傅到之前一定给您打电话。", said, VENT)


def test_thanks_are_welcome_when_the_matter_is_settled() -> None:
    assert refusals("行，谢谢你啊。", CALL, Step(state=state(), act=Act.ACCEPT)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "personas").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_guard_refuses_a_line_that_a_trainer_wrote(path: Path) -> None:
    who = exercise(path.stem, "broadband_no_show")
    the_call = call(who, ("customer", OPENING), ("trainee", "您好。"))
    lines = [(act, "", line) for act, some in who.persona.lines.items() for line in some]
    lines += [(Act.TACTIC, tactic.id, line) for tactic in who.persona.tactics for line in tactic.lines]
    refused = [
        (line, found)
        for act, about, line in lines
        for part in sentences(line.replace("{demand}", "").replace("{concern}", ""))
        if (found := refusals(part, the_call, Step(state=state(), act=act, about=about)))
    ]
    assert refused == []


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ("（不耐烦地）你倒是说啊。", "你倒是说啊。"),
        ("客户：我不管！", "我不管！"),
        ("“你们到底管不管？”", "你们到底管不管？"),
        ("“尽快”是几点？", "“尽快”是几点？"),
        ("“烦不烦啊！", "烦不烦啊！"),
        ("你说的“加急”", "你说的“加急”"),
        ("*摔东西*", ""),
    ],
)
def test_what_models_put_around_a_good_line_is_taken_off(said: str, spoken: str) -> None:
    assert tidied(said) == spoken


def test_a_fact_passes_once_it_is_released() -> None:
    told = Step(state=state(released=("light_red",)), act=Act.RELEASE, about="light_red")
    assert refusals("那个盒子上红灯一直闪。", CALL, told) == []


def test_a_long_line_is_cut_after_a_whole_sentence() -> None:
    assert (
        capped("我不管。你今天必须给我个说法。不然我天天打，打到你们领导来为止。", 20)
        == "我不管。你今天必须给我个说法。"
    )
    assert len(capped("一" * 90, 40)) <= 41


async def _speak(model: ScriptedModel, the_call: Call = CALL, step: Step = VENT) -> tuple[list[str], Spoken]:
    pieces, spoken = [], None
    async for event in ModelVoice(model, load_prompt("customer")).speak(the_call, step):
        if isinstance(event, Piece):
            pieces.append(event.text)
        else:
            spoken = event
    assert spoken is not None
    return pieces, spoken


async def test_a_model_line_streams_sentence_by_sentence() -> None:
    pieces, spoken = await _speak(ScriptedModel(["又是你们。烦不烦啊！"]))
    assert pieces == ["又是你们。", "烦不烦啊！"]
    assert (spoken.text, spoken.voice) == ("又是你们。烦不烦啊！", "model")


async def test_a_refused_line_is_tried_again_with_the_reason_and_then_replaced() -> None:
    model = ScriptedModel(["请问有什么可以帮您？", "感谢您的来电。"])
    _, spoken = await _speak(model)
    assert spoken.voice == "authored_after_guard"
    assert spoken.text in EXERCISE.persona.lines[Act.VENT]
    assert "说了客服才说的话" in model.requests[1].messages[-1].content


async def test_what_was_heard_before_a_refused_sentence_stands() -> None:
    _, spoken = await _speak(ScriptedModel(["别跟我扯这个。请问还有什么可以帮您？"]))
    assert (spoken.text, spoken.voice, spoken.notes) == ("别跟我扯这个。", "model", ("agent_phrase",))


async def test_a_content_filter_never_bricks_the_call() -> None:
    model = ScriptedModel([ModelFiltered("x"), ModelFiltered("x"), "你听得见吗？"])
    _, spoken = await _speak(model)
    assert (spoken.text, spoken.voice) == ("你听得见吗？", "model")
    whole, masked, back = ("".join(part.content for part in asked.messages[1:]) for asked in model.requests)
    assert OPENING in whole
    assert OPENING not in masked
    assert "您好，让您久等了。" not in back


async def test_when_the_filter_refuses_everything_an_authored_line_speaks() -> None:
    _, spoken = await _speak(ScriptedModel([ModelFiltered("x")] * 3))
    assert spoken.voice == "authored_after_failure"


async def test_another_failure_is_raised_for_the_trainee_to_retry() -> None:
    with pytest.raises(ModelUnavailable):
        await _speak(ScriptedModel([Broken("我跟你", ModelUnavailable("x"))]))


async def test_the_opening_is_in_the_context_and_untold_facts_are_not() -> None:
    model = ScriptedModel(["行，你说。"])
    await _speak(model)
    messages = model.requests[0].messages
    assert [message.role for message in messages[:3]] == ["system", "user", "assistant"]
    assert messages[2].content == OPENING
    told = "".join(message.content for message in messages)
    assert not any(fact.what in told for fact in EXERCISE.case.facts)
    assert messages[-1].role == "user"
    assert "您好，让您久等了。" in messages[-1].content


async def test_the_state_card_names_the_fact_to_tell() -> None:
    steps = run(EXERCISE, appraisal("empathise"), appraisal("ask_info", asked=("since_when",)))
    model = ScriptedModel(["周六晚上断的。"])
    await _speak(model, step=steps[-1])
    assert EXERCISE.case.facts[0].what in model.requests[0].messages[-1].content


async def test_the_card_shows_how_this_person_says_such_things() -> None:
    model = ScriptedModel(["烦死了。"])
    await _speak(model)
    card = model.requests[0].messages[-1].content
    assert sum(line in card for line in EXERCISE.persona.lines[Act.VENT]) == 2
    assert "气炸了" in card


@pytest.mark.parametrize(
    ("persona", "case", "words"),
    [
        ("furious_complainer", "broadband_no_show", ("气炸了", "把心里的火气倒出来")),
        ("anxious_elder", "strange_number_worry", ("慌得没了主意", "把心里的慌倒出来")),
        ("summit_vip", "roaming_failed_abroad", ("忍到头了", "把心里的不满倒出来")),
    ],
)
def test_a_strong_feeling_is_fury_fear_or_displeasure(persona: str, case: str, words: tuple[str, str]) -> None:
    the_call = call(exercise(persona, case), ("customer", OPENING), ("trainee", "您好。"))
    told = card(the_call, Step(state=state(heat=95), act=Act.VENT), "您好。")
    assert words[0] in str(told["heat"])
    assert words[1] in str(told["direction"])


async def test_the_card_shows_no_line_that_was_said() -> None:
    said, fresh = EXERCISE.persona.lines[Act.WAIT][:2]
    model = ScriptedModel(["快点。"])
    the_call = call(EXERCISE, ("customer", OPENING), ("trainee", "请稍等。"), ("customer", said), ("trainee", "在查。"))
    await _speak(model, the_call, Step(state=state(), act=Act.WAIT))
    card = model.requests[0].messages[-1].content
    assert fresh in card
    assert said not in card


async def test_who_was_called_is_not_told_why() -> None:
    outbound = exercise("no_need_yet", "upgrade_plan_outbound")
    model = ScriptedModel(["谁啊？"])
    the_call = call(outbound, ("customer", "喂，哪位？"), ("trainee", "您好。"))
    await _speak(model, the_call, Step(state=state(), act=Act.ANSWER))
    system = model.requests[0].messages[0].content
    assert outbound.case.request.zh not in system
    assert "对方打给你的" in system


async def test_a_harassing_caller_sounds_like_one() -> None:
    caller = exercise("abusive_caller", "balance_pretext")
    model = ScriptedModel(["哟。"])
    await _speak(model, call(caller, ("customer", "喂？"), ("trainee", "您好。")), Step(state=state(), act=Act.PRESS))
    system = model.requests[0].messages[0].content
    assert caller.persona.lines[Act.HARASS][0] in system
    assert caller.persona.lines[Act.SOFTEN][0] not in system


def test_triggers_have_wording(vocabulary) -> None:  # type: ignore[no-untyped-def]
    steps = run(EXERCISE, appraisal("apologise"), appraisal("brush_off"), appraisal("empathise"), appraisal("insult"))
    for item in steps:
        for name in {change.trigger for change in item.changes} | {item.why}:
            assert trigger_name(name, "zh", vocabulary)
            assert trigger_name(name, "en", vocabulary)


def test_a_harassing_caller_can_be_asked_to_mind_their_words() -> None:
    sharp, mild = (exercise("abusive_caller", "balance_pretext", intensity=how) for how in ("full", "mild"))
    step = Step(state=state(heat=80), act=Act.HARASS)
    lines = {
        authored_line(call(one, ("customer", one.case.openings[0]), ("trainee", "您好。")), step) for one in (mild,)
    }
    assert lines <= set(mild.persona.mild[Act.HARASS])
    assert (
        authored_line(call(sharp, ("customer", "喂"), ("trainee", "您好。")), step) in sharp.persona.lines[Act.HARASS]
    )
