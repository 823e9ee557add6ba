"""In a real browser: a card of another program is brought in and opens on the bench, with notes; a customer is taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coach.authoring.cards import card_png
from coach.content.persona import Persona
from coach.settings import Settings
from coach.wiring import build_practice

pytestmark = pytest.mark.browser


def test_a_card_comes_in_and_a_customer_goes_out(
    serve: Callable[..., Any], window: Callable[..., Any], settings: Settings, tmp_path: Path
) -> None:
    practice = build_practice(settings)
    url, _ = serve(practice)
    page = window().page
    page.goto(url)
    page.click("[data-do=studio]")
    page.wait_for_selector(".shelf-export a")
    persona: Persona = next(iter(practice.library.personas.values()))
    card = tmp_path / "card.png"
    card.write_bytes(card_png(persona))
    page.set_input_files("#view-studio input[type=file]", str(card))
    page.wait_for_selector(".marks-notes")
    assert "自己的卡，完整读回" in page.inner_text(".marks-notes")
    assert persona.name.zh in page.inner_text(".bench-name")
    answer = page.request.get(f"{url.rstrip('/')}/persona-cards/{persona.id}.png")
    assert answer.status == 200
    assert answer.body() == card.read_bytes()
