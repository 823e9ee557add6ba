"""Opens the page on an address: settings -> practice -> page -> a running server."""

from __future__ import annotations

import os
import socket
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from coach.errors import SettingsError
from coach.practice import Practice
from coach.settings import Settings, is_loopback
from coach.storage.users import Users
from coach.ui.bulk.uploads import TOTAL_MB
from coach.ui.gradio_settings import GRADIO
from coach.ui.viewer import viewer_of
from coach.ui.wording import page_wording
from coach.wiring import build_practice

if TYPE_CHECKING:
    from starlette.requests import Request

FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "sans-serif"]


def launch(settings: Settings, host: str, port: int) -> None:
    """Builds everything, prints the address and serves until interrupted.

    Raises:
        SettingsError: the address can't be used, or is open to others while nobody has to log in.
        ContentError, StoreError: what trainers wrote, or the data folder, can't be used.
    """
    _check_address(host, port)
    practice = build_practice(settings)
    users = Users(practice.store)
    _check_reach(host, users)
    os.environ |= GRADIO
    page = open_page(practice, settings, host, port)
    _announce(settings, host, port, practice.offline, with_users=users.any())
    page.block_thread()


def open_page(practice: Practice, settings: Settings, host: str, port: int) -> Any:
    """The running page: its close() and block_thread() end it and wait for it."""
    from coach.ui.bulk.downloads import add_downloads
    from coach.ui.exchange.downloads import add_cards
    from coach.ui.page import build_page

    page = build_page(practice, settings)
    app, _, _ = page.launch(
        server_name=host, server_port=port, prevent_thread_lock=True, **launch_options(), **login_options(practice)
    )
    users = Users(practice.store)
    add_cards(app, settings, lambda request: viewer_of(users, _username(app, request)))
    add_downloads(app, settings, lambda request: viewer_of(users, _username(app, request)))
    return page


def _username(app: Any, request: Request) -> str | None:
    """Who is logged in with this request's cookies, as gradio tells its own handlers; None where nobody has to log in."""
    from coach.ui.gate import sessions

    return next((name for _, name in sessions(app, request)), "") if app.auth is not None else None


def login_options(practice: Practice) -> dict[str, Any]:
    """How one logs in; nothing while there are no users."""
    users = Users(practice.store)
    if not users.any():
        return {}
    from starlette.middleware import Middleware

    from coach.ui.gate import Gate
    from coach.ui.login import Login

    return {
        "auth": Login(users).check,
        "auth_message": _invitation(),
        "app_kwargs": {"middleware": [Middleware(Gate, users=users, store=practice.store)]},
    }


def _invitation() -> str:
    """What stands on the log-in screen: gradio shows one text to everybody, in its own page, without the page's style sheet."""
    both = page_wording().languages
    name, what = both("app"), both("login.what")
    said = "".join(
        f'<span lang="{one}"><b>{escape(name[one])}</b> · {escape(what[one])}</span>' for one in ("zh", "en")
    )
    style = files("coach.ui").joinpath("login.css").read_text("utf-8")
    return f"<style>{style}</style>{said}"


def launch_options() -> dict[str, Any]:
    """How the page is served, apart from its address: no network, no history in the browser, no API links."""
    import gradio as gr

    from coach.ui.page import page_assets

    theme = gr.themes.Soft(
        primary_hue="teal", secondary_hue="teal", neutral_hue="slate", font=FONTS, font_mono=["monospace"]
    )
    return {
        "theme": theme,
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "quiet": True,
        "share": False,
        "max_threads": 400,
        "max_file_size": f"{TOTAL_MB}mb",  # ours says its limits in a sentence; this one keeps the disk from filling
        "show_error": False,
        "enable_monitoring": False,
        **page_assets(),
    }


def _check_address(host: str, port: int) -> None:
    """Says in a sentence what gradio would say in a traceback."""
    both = page_wording().languages
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            taken = error.errno in (48, 98, 10048)  # "address in use" on macOS, Linux, Windows
            said = both("start.port_taken" if taken else "start.bad_host")
            values = {"host": host, "port": port, "other": port + 1, "cause": error.strerror}
            raise SettingsError(said["zh"].format(**values), said["en"].format(**values)) from error


def _check_reach(host: str, users: Users) -> None:
    """Without users everybody may do everything, so nobody else may reach the page."""
    if not users.any() and not is_loopback(f"http://[{host}]" if ":" in host else f"http://{host}"):
        said = page_wording().languages("start.open_to_others")
        raise SettingsError(said["zh"].format(host=host), said["en"].format(host=host))


def _announce(settings: Settings, host: str, port: int, offline: bool, *, with_users: bool) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    url = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    source = "start.offline" if offline else "start.model"
    values: dict[str, object] = {"url": url, "name": settings.model_for("customer")}
    who = "start.with_users" if with_users else "start.without_users"
    for key in ("start.page", source, who, "start.stop"):
        for sentence in page_wording().languages(key).values():
            print(sentence.format(**values), flush=True)
