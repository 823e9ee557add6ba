"""Settings: what the environment says, and sentences for what it can't say."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.errors import SettingsError
from coach.settings import ROLES, Settings, provider_of


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


def test_nothing_set_means_offline_on_loopback(settings: Settings) -> None:
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.model_configured is False
    assert settings.model_missing == ()
    assert settings.snapshot() == {"mode": "offline"}


def test_data_and_content_default_to_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    monkeypatch.delenv("COACH_DATA")
    monkeypatch.chdir(root / "tests")
    assert Settings.load().data == root / ".coach"
    assert Settings.load().content == root
    (tmp_path / "pyproject.toml").write_text('name = "another-project"', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert Settings.load().data == Path.home() / ".coach"


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_variable_counts_as_unset(blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, COACH_PORT=blank, OPENAI_API_KEY=blank, COACH_PROVIDER=blank, COACH_MODEL=blank)
    assert settings.port == 7860
    assert settings.key is None
    assert settings.model_configured is False


@pytest.mark.parametrize(
    ("variables", "provider", "model"),
    [
        ({"OPENAI_API_KEY": "sk-1"}, "openai", "gpt-5.4-mini"),
        ({"COACH_PROVIDER": "deepseek", "DEEPSEEK_API_KEY": "sk-1"}, "deepseek", "deepseek-flash"),
        (
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://dashscope.aliyuncs.com/compatible-mode/v1"},
            "qwen",
            "qwen-plus",
        ),
        ({"COACH_PROVIDER": "ollama", "COACH_MODEL": "qwen3:8b"}, "ollama", "qwen3:8b"),
        ({"OPENAI_BASE_URL": "http://localhost:8000/v1", "COACH_MODEL": "m"}, "vllm", "m"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9999", "COACH_MODEL": "m"}, "custom", "m"),
    ],
)
def test_a_model_is_configured(
    variables: dict[str, str], provider: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(monkeypatch, **variables)
    assert settings.model_configured
    assert settings.provider_id == provider
    assert [settings.model_for(role) for role in ROLES] == [model] * 3


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({"COACH_PROVIDER": "deepseek"}, ("DEEPSEEK_API_KEY",)),
        ({"OPENAI_BASE_URL": "https://models.example.com/v1"}, ("COACH_MODEL", "OPENAI_API_KEY")),
        ({"COACH_PROVIDER": "doubao", "ARK_API_KEY": "k"}, ("COACH_MODEL",)),
        ({"COACH_PROVIDER": "azure", "COACH_MODEL": "d", "AZURE_OPENAI_API_KEY": "k"}, ("AZURE_OPENAI_ENDPOINT",)),
    ],
)
def test_half_a_configuration_is_offline_and_says_what_is_missing(
    variables: dict[str, str], missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(monkeypatch, **variables)
    assert settings.model_configured is False
    assert settings.model_missing == missing


def test_another_providers_key_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, DEEPSEEK_API_KEY="sk-deepseek", COACH_PROVIDER="qwen")
    assert settings.key is None


def test_each_role_may_have_its_own_model(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, OPENAI_API_KEY="k", COACH_MODEL="small", COACH_JUDGE_MODEL="big")
    assert [settings.model_for(role) for role in ROLES] == ["small", "small", "big"]


def test_a_pasted_path_and_slash_are_taken_off_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, OPENAI_BASE_URL=" https://api.deepseek.com/v1/chat/completions/ ")
    assert settings.base_url == "https://api.deepseek.com/v1"


def test_every_wrong_variable_is_named_with_what_was_found_and_what_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        load(
            monkeypatch,
            COACH_PORT="八零",
            COACH_PROVIDER="depseek",
            OPENAI_BASE_URL="api.x.com",
            COACH_TIMEOUT_S="0",
            COACH_MODEL_JSON="xml",
            COACH_TEMPERATURE="3",
        )
    lines = caught.value.zh.splitlines()
    assert len(lines) == len(caught.value.en.splitlines()) == 6
    port = next(line for line in lines if "COACH_PORT" in line)
    assert "八零" in port
    assert "65535" in port
    assert any("COACH_PROVIDER" in line and "deepseek" in line for line in lines)
    assert any("OPENAI_BASE_URL" in line and "https://" in line for line in lines)
    assert any("COACH_MODEL_JSON" in line and "json_object" in line for line in lines)


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "DEEPSEEK_API_KEY"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(monkeypatch, **{variable: "sk-你的密钥", "COACH_PROVIDER": "deepseek"})
    assert variable in caught.value.zh
    assert "你的密钥" not in caught.value.zh


def test_nothing_shown_or_stored_holds_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(
        monkeypatch,
        OPENAI_API_KEY="sk-secret",
        OPENAI_BASE_URL="https://user:hidden@models.example.com:8443/v1?key=hidden",
        COACH_MODEL="m",
        COACH_DATABASE_URL="postgresql://u:hidden@db/coach",
    )
    shown = f"{settings!r} {settings.snapshot()} {settings.model_dump_json()}"
    assert "sk-secret" not in shown
    assert "hidden" not in str(settings.snapshot())
    assert settings.snapshot()["endpoint"] == "https://models.example.com:8443/v1"
    assert settings.database_url == "postgresql://u:hidden@db/coach"


def test_a_preset_is_found_by_host_and_never_by_a_look_alike() -> None:
    assert provider_of("https://my-res.openai.azure.com/") == "azure"
    assert provider_of("https://api.deepseek.com.evil.example/v1") == "custom"
