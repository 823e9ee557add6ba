"""A page with users, over plain HTTP: Gradio's "private" routes are open to any POST, so each is tried with what is others'."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from page_client import Person, handlers, served
from page_fakes import Played
from page_visit import PAIR, Visit

from coach.practice import Practice
from coach.records.notes import Dispute, Learning, Recovery
from coach.settings import Settings
from coach.storage.users import Users
from coach.ui.actions import Actions
from coach.ui.desk import Desk
from coach.ui.remarks.in_studio import PREFIX
from coach.ui.remarks.remarking import BUTTONS
from coach.ui.viewer import Viewer

SAID = "这句话只有小红说过"
WRITTEN = ("只有小红自己知道的事", "小红的学习笔记", "小红不服的理由")
FIELDS = {
    "turn": "1",
    "check": "empathy.names_feeling",
    "reason": "捣乱",
    "note": "捣乱",
    "question": "第1句",
    "skip": "yes",
}


@dataclass
class Site:
    url: str
    played: Played
    theirs: str
    """小红's ended call, with everything a trainee may write around it."""
    running: str
    """Another one of hers, still open."""
    key: str

    def memory(self, call: str) -> dict[str, Any]:
        """What a browser would remember that claims the call for its own."""
        known = {"calls": [self.theirs, self.running], "key": self.key, "welcomed": True}
        return {"call": call, "remarks": call, "roster": call, **known}

    def kept(self) -> Any:
        """Everything stored about 小红's calls."""
        store = self.played.store
        kinds = ("hint", "work_order", "recovery", "self_rating", "learning", "dispute", "correction")
        return [
            (store.call(call), store.grades(call), store.branches(call), [store.notes(call, kind) for kind in kinds])
            for call in (self.theirs, self.running)
        ]


async def _lived(visit: Visit, practice: Practice) -> tuple[str, str]:
    await visit.press(**PAIR, difficulty="hard")
    await visit.say(SAID)
    await visit.to_report()
    theirs = visit.call.id
    visit.memory = visit.memory.with_key()
    practice.write_note(theirs, Recovery(owner=visit.memory.owner, belief=WRITTEN[0]))
    practice.write_note(theirs, Learning(text=WRITTEN[1]))
    practice.write_note(theirs, Dispute(rubric="empathy", check="names_feeling", reason=WRITTEN[2]))
    await visit.press(**PAIR)
    await visit.say(SAID)
    return theirs, visit.call.id


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    played = Played()
    users = Users(played.store)
    for name, role in (("小红", "trainee"), ("小刚", "trainee"), ("林老师", "trainer")):
        users.add(name, role, "梅子黄时雨123")
    visit = Visit(played, settings, Viewer("小红", "trainee"))
    theirs, running = asyncio.run(_lived(visit, played.practice))
    with served(played.practice, settings) as url:
        yield Site(url, played, theirs, running, visit.memory.key)


def _foreign(answer: str) -> list[str]:
    """What of 小红's stands in an answer."""
    return [words for words in (SAID, *WRITTEN, "小红") if words in answer]


def _trainers_buttons(practice: Practice, settings: Settings) -> list[str]:
    """Whatever a button of the trainers' parts can ask for."""
    actions = Actions(Desk(practice, settings))
    remarks = ["remarks", *BUTTONS, *(PREFIX + button for button in BUTTONS)]
    return [*actions.studio._doings, *actions.bulk._doings, *actions.roster._doings, *remarks]


def test_a_trainee_gets_nothing_of_others_by_any_route_and_changes_nothing(site: Site, settings: Settings) -> None:
    before = site.kept()
    person = Person(site.url, "小刚")
    events = handlers(person.config())
    assert {"arrive", "say", "press", "write"} <= {event["api_name"] for event in events}
    for event in events:
        for call in (site.theirs, site.running):
            values = {"textbox": "您好", "code": "name: x"}
            for answer in (
                person.call(event, site.memory(call), **values),
                person.run(event, site.memory(call), **values),
                person.press(event, site.memory(call), {}, **values),
            ):
                assert _foreign(answer) == [], event["api_name"]
    presses = {len(event["outputs"]): event for event in events if event["api_name"].startswith("press")}
    for event in presses.values():  # the page's own handler and the trainers' part's: each takes every button
        for name in Actions(Desk(site.played.practice, settings))._doings:
            for call in (site.theirs, site.running):
                answer = person.press(event, site.memory(call), {"do": name, "call": call, **FIELDS})
                assert _foreign(answer) == [], (event["api_name"], name)
        for name in _trainers_buttons(site.played.practice, settings):  # refused before the call is looked at
            answer = person.press(event, site.memory(site.theirs), {"do": name, "call": site.theirs, **FIELDS})
            assert _foreign(answer) == [], (event["api_name"], name)
    assert site.kept() == before
    assert site.played.store.trainees()["小红"] == 2


def test_what_is_for_trainers_is_refused_to_a_trainee_and_given_to_a_trainer(site: Site) -> None:
    trainee, trainer = Person(site.url, "小刚"), Person(site.url, "林老师")
    top = next(event for event in handlers(trainee.config()) if event["api_name"] == "press_1")
    assert "这里只给培训师用。" in trainee.press(top, {}, {"do": "studio"})
    assert 'data-view=\\"studio\\"' in trainer.press(top, {}, {"do": "studio"})
    assert 'data-do=\\"studio\\"' not in trainee.press(top, {}, {"do": "mine"})
    Users(site.played.store).set_role("林老师", "trainee")
    assert "这里只给培训师用。" in trainer.press(top, {}, {"do": "studio"})


def test_strangers_are_refused_at_every_address(site: Site) -> None:
    stranger, known = Person(site.url), Person(site.url, "林老师")
    schema = known.config()
    for event in handlers(schema):
        for path in ("run", "api", "call", "call/v2"):
            assert stranger.web.post(f"/gradio_api/{path}/{event['api_name']}", json={"data": []}).status_code == 401
        joined = stranger.web.post(
            "/gradio_api/queue/join", json={"fn_index": event["id"], "data": [], "session_hash": "x"}
        )
        assert joined.status_code == 401
    for path in _addresses():
        for method in ("GET", "POST", "HEAD", "PUT"):
            answer = stranger.web.request(method, path)
            assert answer.status_code == 401, (method, path, answer.status_code)
    page = stranger.web.get("/").text
    assert "auth_required" in page
    assert "data-do" not in page


def _addresses() -> list[str]:
    """Gradio's own routes with something in the place of their parameters; without the log-in and what draws it."""
    import gradio
    from gradio.routes import App

    with gradio.Blocks() as empty:
        pass
    found = [re.sub(r"\{[^}]*\}", "x", path) for path in App.create_app(empty).openapi()["paths"]]
    drawn = re.compile(
        r"/|/(login|logout|static|svelte|assets|pwa_icon|favicon|robots|manifest).*|.*(theme.css|startup-events)"
    )
    left = [path for path in found if not drawn.fullmatch(path)]
    assert len(left) > 50
    return [*left, "/openapi.json", "/docs", "/nothing-here"]


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(site: Site) -> None:
    answers = [
        Person(site.url).web.post("/login", data={"username": name, "password": "不对不对不对"})
        for name in ("小红", "没有这个人")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json() == answers[1].json()
    assert not any(answer.cookies for answer in answers)


def test_a_removed_user_is_out_at_once_and_logging_out_ends_the_session(site: Site) -> None:
    person = Person(site.url, "小刚")
    assert person.web.get("/config").status_code == 200
    kept = dict(person.web.cookies)
    person.web.get("/logout")
    thief = Person(site.url)
    thief.web.cookies.update(kept)
    assert thief.web.get("/config").status_code == 401
    person = Person(site.url, "小刚")
    assert person.web.get("/config").status_code == 200
    Users(site.played.store).remove("小刚")
    assert person.web.get("/config").status_code == 401
    assert "auth_required" in person.web.get("/").text
    assert person.log_in("小刚") == 400


def test_a_report_saved_as_a_file_goes_to_its_own_trainee_and_to_trainers(site: Site) -> None:
    owner, other, trainer = (Person(site.url, name) for name in ("小红", "小刚", "林老师"))
    top = next(event for event in handlers(owner.config()) if event["api_name"] == "press_1")
    answer = owner.press(top, site.memory(site.theirs), {"do": "report", "skip": "yes"})
    files = set(re.findall(r'"path": "([^"]+?\.(?:html|xlsx|json))"', answer))
    assert len(files) == 3
    for file in files:
        path = f"/gradio_api/file={file}"
        assert owner.web.get(path).status_code == 200
        assert trainer.web.get(path).status_code == 200
        assert other.web.get(path).status_code == 403
        assert Person(site.url).web.get(path).status_code == 401
    assert other.web.get(f"/gradio_api/file={Path(__file__)}").status_code == 403
    assert other.web.get("/gradio_api/file=http://127.0.0.1:1/x-00000000.html").status_code == 403
    assert other.web.post("/gradio_api/upload", files={"files": ("x.txt", b"x")}).status_code == 403


def test_the_owner_has_everything_in_any_browser(site: Site) -> None:
    owner = Person(site.url, "小红")
    top = next(event for event in handlers(owner.config()) if event["api_name"] == "press_1")
    mine = owner.press(top, {}, {"do": "mine"})
    assert site.theirs in mine
    assert site.running in mine
    assert WRITTEN[1] in owner.press(top, {}, {"do": "open", "call": site.theirs})
    assert WRITTEN[0] not in owner.press(top, {"call": site.theirs}, {"do": "recovery"})
    assert WRITTEN[0] in owner.press(top, site.memory(site.theirs), {"do": "recovery"})
