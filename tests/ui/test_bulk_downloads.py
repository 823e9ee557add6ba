"""The files of a run over HTTP: for its owner, for nobody else, and no other file."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from coach.errors import NotAllowed
from coach.settings import Settings
from coach.ui.bulk.downloads import add_downloads
from coach.ui.bulk.folders import Order, RunFolder, Shelf
from coach.ui.viewer import Viewer

PEOPLE = {"wang": Viewer("王老师"), "zhao": Viewer("赵老师"), "li": Viewer("小李", "trainee")}


def viewer_of(request: Request) -> Viewer:
    name = request.headers.get("who", "")
    if name not in PEOPLE:
        raise NotAllowed("要先登录。", "Log in first.")
    return PEOPLE[name]


@pytest.fixture
def client(settings: Settings) -> TestClient:
    app = Starlette()
    add_downloads(app, settings, viewer_of)
    return TestClient(app)


@pytest.fixture
def run(settings: Settings) -> RunFolder:
    made = Shelf(settings.data).create("王老师", Order(files=("a.csv",)))
    made.out.mkdir()
    made.input.mkdir()
    (made.out / "results.jsonl").write_text('{"id": "c1"}\n', "utf-8")
    (made.out / "results.sqlite3").write_bytes(b"not for download")
    (made.input / "a.csv").write_text("secret", "utf-8")
    return made


def test_the_owner_gets_the_file_and_no_cache_keeps_it(client: TestClient, run: RunFolder) -> None:
    got = client.get(f"/bulk-files/{run.id}/results.jsonl", headers={"who": "wang"})
    assert (got.status_code, got.text) == (200, '{"id": "c1"}\n')
    assert got.headers["cache-control"] == "no-store"
    assert "attachment" in got.headers["content-disposition"]


@pytest.mark.parametrize(("who", "status"), [("li", 403), ("zhao", 404), ("", 403)])
def test_nobody_else_gets_it(client: TestClient, run: RunFolder, who: str, status: int) -> None:
    got = client.get(f"/bulk-files/{run.id}/results.jsonl", headers={"who": who})
    assert got.status_code == status
    assert "c1" not in got.text


@pytest.mark.parametrize(
    "name",
    [
        "results.sqlite3",
        "order.json",
        "report.html",
        "..%2Finput%2Fa.csv",
        "../input/a.csv",
        "..%2F..%2F..%2Fbrowser.key",
    ],
)
def test_no_other_file_goes_out(client: TestClient, run: RunFolder, name: str) -> None:
    got = client.get(f"/bulk-files/{run.id}/{name}", headers={"who": "wang"})
    assert got.status_code == 404
    assert "secret" not in got.text
