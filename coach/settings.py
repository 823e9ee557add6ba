"""The settings: read once from the environment, checked, passed in. Nothing else in `coach` reads the environment.

Variables (all optional; an empty one counts as unset):

    COACH_HOST, COACH_PORT                       where the page listens (127.0.0.1, 7860)
    COACH_DATA, COACH_CONTENT                    folders: what is remembered; what trainers write
    COACH_DATABASE_URL                           a SQLAlchemy URL instead of SQLite inside COACH_DATA
    OPENAI_API_KEY, OPENAI_BASE_URL              the model endpoint (a provider's own key variable serves as well)
    COACH_PROVIDER                               a preset of coach/models/presets.yaml, else found from the address
    COACH_MODEL, COACH_CUSTOMER_MODEL,
    COACH_APPRAISAL_MODEL, COACH_JUDGE_MODEL     model names: for all roles, or for one
    COACH_MODEL_JSON                             force one way of getting JSON
    COACH_TEMPERATURE (customer), COACH_APPRAISAL_TEMPERATURE, COACH_JUDGE_TEMPERATURE
    COACH_JUDGE_PASSES                           1: violations first in one question; 2: in a question of their own
    COACH_TIMEOUT_S, COACH_RETRIES               seconds for one answer; how often a passing fault is tried again
    AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, OPENAI_API_VERSION
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self, get_args
from urllib.parse import urlsplit

import yaml
from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from coach.errors import SettingsError

Role = Literal["customer", "appraisal", "judge"]
ROLES: tuple[Role, ...] = ("customer", "appraisal", "judge")
JsonMeans = Literal["json_schema", "json_object", "tools", "prompt"]

_PACKAGE = Path(__file__).resolve().parent
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@lru_cache(maxsize=1)
def preset_rows() -> dict[str, dict[str, Any]]:
    """The raw entries of coach/models/presets.yaml by id. They are data, so reading them needs nothing from models/."""
    text = (files("coach") / "models" / "presets.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)
    return dict(rows)


def is_loopback(url: str) -> bool:
    """Whether `url` points at this machine."""
    host = (urlsplit(url).hostname or "").lower()
    return host in _LOOPBACK or host.startswith("127.")


def provider_of(base_url: str) -> str:
    """The preset whose hosts match the address; `custom` when none does."""
    place = urlsplit(base_url.lower())
    for name, row in preset_rows().items():
        for host in row.get("hosts", []):
            exact = host in (place.hostname, place.netloc)
            if exact or (host.startswith(".") and (place.hostname or "").endswith(host)):
                return name
    return "custom"


def _variable(name: str, field: str) -> Any:
    """The environment's name first; the field's own name so that code and tests can build settings directly."""
    return AliasChoices(name, field)


def _checkout_of(folder: Path) -> Path | None:
    """The nearest folder, upwards, that is a checkout of this project (another project's pyproject doesn't count)."""
    for place in (folder, *folder.parents):
        marker = place / "pyproject.toml"
        if marker.is_file() and 'name = "hotline-coach"' in marker.read_text(encoding="utf-8", errors="replace"):
            return place
    return None


def _default_data() -> Path:
    return (_checkout_of(Path.cwd()) or Path.home()) / ".coach"


def _default_content() -> Path:
    return _checkout_of(_PACKAGE) or _checkout_of(Path.cwd()) or _PACKAGE.parent


class Settings(BaseSettings):
    """What the program was told. Immutable; keys never appear in its repr."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True)

    host: str = Field("127.0.0.1", validation_alias=_variable("COACH_HOST", "host"))
    port: int = Field(7860, ge=1, le=65535, validation_alias=_variable("COACH_PORT", "port"))
    data: Path = Field(default_factory=_default_data, validation_alias=_variable("COACH_DATA", "data"))
    content: Path = Field(default_factory=_default_content, validation_alias=_variable("COACH_CONTENT", "content"))
    database: SecretStr | None = Field(None, validation_alias=_variable("COACH_DATABASE_URL", "database"))

    api_key: SecretStr | None = Field(None, validation_alias=_variable("OPENAI_API_KEY", "api_key"))
    api_base: str | None = Field(None, validation_alias=_variable("OPENAI_BASE_URL", "api_base"))
    provider_key: SecretStr | None = Field(None, description="the chosen provider's own key variable; filled by load()")
    provider: str | None = Field(None, validation_alias=_variable("COACH_PROVIDER", "provider"))
    azure_endpoint: str | None = Field(None, validation_alias=_variable("AZURE_OPENAI_ENDPOINT", "azure_endpoint"))
    azure_api_version: str = Field("2024-10-21", validation_alias=_variable("OPENAI_API_VERSION", "azure_api_version"))

    model: str | None = Field(None, validation_alias=_variable("COACH_MODEL", "model"))
    customer_model: str | None = Field(None, validation_alias=_variable("COACH_CUSTOMER_MODEL", "customer_model"))
    appraisal_model: str | None = Field(None, validation_alias=_variable("COACH_APPRAISAL_MODEL", "appraisal_model"))
    judge_model: str | None = Field(None, validation_alias=_variable("COACH_JUDGE_MODEL", "judge_model"))
    json_means: JsonMeans | None = Field(None, validation_alias=_variable("COACH_MODEL_JSON", "json_means"))
    timeout_s: float = Field(60.0, gt=0, le=600, validation_alias=_variable("COACH_TIMEOUT_S", "timeout_s"))
    retries: int = Field(1, ge=0, le=5, validation_alias=_variable("COACH_RETRIES", "retries"))
    temperature: float = Field(0.8, ge=0, le=2, validation_alias=_variable("COACH_TEMPERATURE", "temperature"))
    appraisal_temperature: float = Field(
        0.0, ge=0, le=2, validation_alias=_variable("COACH_APPRAISAL_TEMPERATURE", "appraisal_temperature")
    )
    judge_temperature: float = Field(
        0.2, ge=0, le=2, validation_alias=_variable("COACH_JUDGE_TEMPERATURE", "judge_temperature")
    )
    judge_passes: int = Field(1, ge=1, le=2, validation_alias=_variable("COACH_JUDGE_PASSES", "judge_passes"))

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_unset(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str) or info.field_name is None:
            return value
        return value.strip() or cls.model_fields[info.field_name].get_default(call_default_factory=True)

    @field_validator("api_key", "provider_key")
    @classmethod
    def _key_fits_a_header(cls, key: SecretStr | None) -> SecretStr | None:
        if key and not (key.get_secret_value().isascii() and key.get_secret_value().isprintable()):
            raise ValueError("not a key")
        return key

    @field_validator("api_base", "azure_endpoint")
    @classmethod
    def _is_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError("not an address")
        # People paste the whole path from a provider's curl example.
        return url.rstrip("/").removesuffix("/chat/completions")

    @field_validator("provider")
    @classmethod
    def _is_preset(cls, name: str | None) -> str | None:
        if name is not None and name.lower() not in preset_rows():
            raise ValueError("no such preset")
        return name.lower() if name else None

    @field_validator("data", "content")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            SettingsError: names every variable that can't be used, what was found (never a key) and what is allowed.
        """
        key_env = "OPENAI_API_KEY"
        try:
            settings = cls()
            # Looked up only now: one provider's key must not be sent to another's address.
            key_env = settings.key_env
            own = os.environ.get(key_env, "").strip()
            return cls(provider_key=SecretStr(own)) if own else settings
        except ValidationError as error:
            raise _settings_error(error, key_env) from None

    @property
    def provider_id(self) -> str:
        """The preset in force: COACH_PROVIDER, else found from the address, else openai."""
        if self.provider:
            return self.provider
        if self.azure_endpoint and not self.api_base:
            return "azure"
        return provider_of(self.api_base) if self.api_base else "openai"

    @property
    def _row(self) -> dict[str, Any]:
        return preset_rows()[self.provider_id]

    @property
    def key_env(self) -> str:
        """The variable in which the provider's key belongs, for sentences that tell people what to check."""
        return str(self._row.get("key_env", "OPENAI_API_KEY"))

    @property
    def key(self) -> SecretStr | None:
        """The key to send: the provider's own variable before OPENAI_API_KEY."""
        return self.provider_key or self.api_key

    @property
    def base_url(self) -> str | None:
        """The endpoint's address; for Azure its resource endpoint."""
        if self.provider_id == "azure" and self.azure_endpoint:
            return self.azure_endpoint
        return self.api_base or self._row.get("base_url")

    def model_for(self, role: Role) -> str | None:
        """The model name for a role: its own variable, COACH_MODEL, the preset's usual one; None when none is known."""
        own = {"customer": self.customer_model, "appraisal": self.appraisal_model, "judge": self.judge_model}[role]
        return own or self.model or self._row.get("model")

    def temperature_for(self, role: Role) -> float:
        """How freely a role speaks: 0 always the same, 2 wild."""
        if role == "customer":
            return self.temperature
        return self.appraisal_temperature if role == "appraisal" else self.judge_temperature

    @property
    def _all_named(self) -> bool:
        return all(self.model_for(role) for role in ROLES)

    @property
    def model_configured(self) -> bool:
        """True when a model can be reached for every role; False means offline mode."""
        if self.base_url is None or not self._all_named:
            return False
        keyless = self._row.get("needs_key", True) is False or is_loopback(self.base_url)
        return self.key is not None or keyless

    @property
    def model_missing(self) -> tuple[str, ...]:
        """The variables still to be set once somebody began to configure a model; empty when complete or not begun."""
        begun = self.key or self.api_base or self.provider or self.model or self.azure_endpoint
        if self.model_configured or not begun:
            return ()
        names = [] if self._all_named else ["COACH_MODEL"]
        if self.base_url is None:
            names.append("AZURE_OPENAI_ENDPOINT" if self.provider_id == "azure" else "OPENAI_BASE_URL")
        return (*names, *(() if self.key else (self.key_env,)))

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the store. May hold a password: for connecting, not for showing."""
        return self.database.get_secret_value() if self.database else f"sqlite:///{self.data / 'coach.sqlite3'}"

    def snapshot(self) -> dict[str, Any]:
        """What explains a stored call later: models and how they were asked. No keys, folders or logins."""
        if not self.model_configured:
            return {"mode": "offline"}
        place = urlsplit(self.base_url or "")
        return {
            "mode": "model",
            "provider": self.provider_id,
            "endpoint": f"{place.scheme}://{place.hostname}{f':{place.port}' if place.port else ''}{place.path}",
            "models": {role: self.model_for(role) for role in ROLES},
            "temperatures": {role: self.temperature_for(role) for role in ROLES},
            "json": self.json_means,
            "timeout_s": self.timeout_s,
            "retries": self.retries,
        }


def _allowed(field: str, fallback: str) -> tuple[str, str]:
    """What a field may hold, in both languages."""
    temperature = ("0 到 2 之间的数", "a number from 0 to 2")
    address = ("以 http:// 或 https:// 开头的地址", "an address that starts with http:// or https://")
    key = (
        "只含英文字母、数字和符号的密钥（是不是把示例文字或换行也贴进去了？）",
        "a key of plain letters, digits and signs (was a placeholder or a line break pasted with it?)",
    )
    names = "、".join(preset_rows()), ", ".join(preset_rows())
    return {
        "port": ("1 到 65535 的整数", "a whole number from 1 to 65535"),
        "timeout_s": ("大于 0、不超过 600 的秒数", "seconds, more than 0 and at most 600"),
        "retries": ("0 到 5 的整数", "a whole number from 0 to 5"),
        "temperature": temperature,
        "appraisal_temperature": temperature,
        "judge_temperature": temperature,
        "judge_passes": ("1 或 2", "1 or 2"),
        "api_base": address,
        "azure_endpoint": address,
        "api_key": key,
        "provider_key": key,
        "provider": (f"其中之一：{names[0]}", f"one of {names[1]}"),
        "json_means": (f"其中之一：{'、'.join(get_args(JsonMeans))}", f"one of {', '.join(get_args(JsonMeans))}"),
    }.get(field, (fallback, fallback))


def _settings_error(error: ValidationError, key_env: str) -> SettingsError:
    """One sentence a wrong variable, in both languages; values are shown except for keys."""
    zh: list[str] = []
    en: list[str] = []
    for item in error.errors(include_url=False, include_input=False):
        name = str(item["loc"][0]) if item["loc"] else "?"
        field = next((field for field in Settings.model_fields if name in (field, _variable_of(field))), name)
        variable = key_env if field == "provider_key" else _variable_of(field)
        found = "…" if field in ("api_key", "provider_key", "database") else os.environ.get(variable, "")
        allowed = _allowed(field, item["msg"])
        zh.append(f"环境变量 {variable} 不能用：现在是 {found!r}，应当是：{allowed[0]}。改好或删掉它，再启动。")
        en.append(
            f"The variable {variable} can't be used: it is {found!r} and should be: {allowed[1]}. Correct or unset it."
        )
    return SettingsError("\n".join(zh), "\n".join(en))


def _variable_of(field: str) -> str:
    info = Settings.model_fields.get(field)
    alias = info.validation_alias if info else None
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else field
