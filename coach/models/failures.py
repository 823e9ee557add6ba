"""From what providers and their libraries raise to ModelErrors whose sentences say what to do.

Providers agree on little: the same refusal is a 400, a 403 or a 429, its code a word or a number. So the code, the type
and the message are searched together, most telling first. Nothing of the provider's text reaches the sentence: it
may quote the key or the trainee's words.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from coach.errors import (
    CoachError,
    ModelAnswerInvalid,
    ModelAuthError,
    ModelCutOff,
    ModelError,
    ModelFiltered,
    ModelNotFound,
    ModelRateLimited,
    ModelTimeout,
    ModelUnavailable,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request went, for the sentences: the model's name, the host, the key's variable, seconds of patience."""

    model: str
    host: str
    key_env: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What an error carries, whatever its class: HTTP status (None without one), code and words, seconds to wait."""

    status: int | None
    code: str
    words: str
    retry_after_s: float | None


def facts_of(error: BaseException) -> Facts:
    """Status, code and words of an exception of openai, LangChain or the HTTP layer."""
    body = getattr(error, "body", None)
    if not body and error.args and isinstance(error.args[0], dict):
        body = error.args[0]  # LangChain raises ValueError(body) for an error inside a 200
    source = body if isinstance(body, dict) else {}
    code = str(getattr(error, "code", None) or source.get("code") or source.get("type") or "")
    status = getattr(error, "status_code", None)
    words = json.dumps(body, ensure_ascii=False) if body else ""
    headers = getattr(getattr(error, "response", None), "headers", {})
    return Facts(
        status if isinstance(status, int) else None,
        code,
        f"{code} {words} {getattr(error, 'message', '')}"[:4000],
        _seconds(headers.get("retry-after")),
    )


def _seconds(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:  # an HTTP date: rare, and "a moment" says enough
        return None


def explain(error: BaseException, place: Place, *, started: bool = False) -> CoachError:
    """The typed error for what was raised. `started`: some text had already come, so a lost connection is a cut."""
    if isinstance(error, CoachError):
        return error
    facts = facts_of(error)
    log.info("model failure: %s status=%s code=%.40s", type(error).__name__, facts.status, facts.code)
    if isinstance(error, TimeoutError) or _named(error, "APITimeoutError") or facts.status in (408, 504):
        return timed_out(place)
    for kind in _KINDS:
        if kind.applies(facts):
            return kind.build(place, facts)
    if _named(error, "APIConnectionError"):
        return cut_off() if started else unreachable(place)
    if facts.status is None and _named(error, "APIError"):  # an error event in the stream, of no known kind
        return cut_off() if started else _busy_or_broken(place, facts)
    if facts.status is not None:
        return _refused(place, facts)
    return unreadable(place)


def _named(error: BaseException, name: str) -> bool:
    """Whether openai's class of that name is among the error's (by name, so that this module needs no import of it)."""
    return any(kind.__name__ == name for kind in type(error).__mro__)


def filtered() -> ModelFiltered:
    return ModelFiltered(
        "模型服务的内容审核拦下了这句话。通话还在：换个说法再发一次；总被拦，就换一个 COACH_MODEL。",
        "The provider's content filter stopped this. The call is still here: say it in other words and send it again; "
        "if it is stopped every time, use another COACH_MODEL.",
    )


def timed_out(place: Place) -> ModelTimeout:
    return ModelTimeout(
        f"{place.host} 在 {place.timeout_s:g} 秒内没有答完。再试一次；经常这样，就调大 COACH_TIMEOUT_S "
        "或换一个快些的模型。",
        f"No answer from {place.host} within {place.timeout_s:g} seconds. Try again; if it happens often, raise "
        "COACH_TIMEOUT_S or use a faster model.",
    )


def cut_off() -> ModelCutOff:
    return ModelCutOff(
        "回答说到一半断了。通话还在，再试一次。",
        "The answer broke off half way. The call is still here: try again.",
    )


def too_long_answer() -> ModelCutOff:
    return ModelCutOff(
        "回答太长，被截断了。再试一次；总是这样，请换一个不会先长篇思考的模型。",
        "The answer hit its length limit. Try again; if it keeps happening, use a model that doesn't think at length "
        "first.",
    )


def unreachable(place: Place) -> ModelUnavailable:
    return ModelUnavailable(
        f"连不上 {place.host}。检查网络、代理和 OPENAI_BASE_URL；本机的模型服务要先启动。",
        f"Can't connect to {place.host}. Check the network, the proxy and OPENAI_BASE_URL; a model server of your own "
        "must be running.",
    )


def unreadable(place: Place) -> ModelAnswerInvalid:
    return ModelAnswerInvalid(
        f"{place.host} 的回应不是聊天接口的格式。检查 OPENAI_BASE_URL（通常以 /v1 结尾）。",
        f"What {place.host} sent back isn't a chat completion. Check OPENAI_BASE_URL (it usually ends in /v1).",
    )


def empty_answer() -> ModelAnswerInvalid:
    return ModelAnswerInvalid("模型什么也没说。再试一次。", "The model said nothing. Try again.")


def _filtered(_: Place, __: Facts) -> ModelError:
    return filtered()


def _spent(place: Place, facts: Facts) -> ModelError:
    return ModelRateLimited(
        f"{place.host} 的账户欠费或额度用完了。充值，或在 {place.key_env} 里换一个密钥，然后再试。",
        f"The account at {place.host} has no credit or quota left. Top it up, or put another key into "
        f"{place.key_env}, and try again.",
        facts.retry_after_s,
    )


def _no_key(place: Place, _: Facts) -> ModelError:
    return ModelAuthError(
        f"{place.host} 不认这个密钥。检查 {place.key_env}：有没有复制全、过期，是不是这家服务的。",
        f"{place.host} doesn't accept the key. Check {place.key_env}: is it complete, still valid, and this "
        "provider's?",
    )


def _forbidden(place: Place, _: Facts) -> ModelError:
    return ModelAuthError(
        f"{place.host} 不许这个密钥用模型 {place.model}。到它的控制台开通模型或权限，"
        f"或换 COACH_MODEL、{place.key_env}。",
        f"{place.host} doesn't let this key use the model {place.model}. Open the model or the right in its console, "
        f"or change COACH_MODEL or {place.key_env}.",
    )


def _no_model(place: Place, _: Facts) -> ModelError:
    return ModelNotFound(
        f"{place.host} 上找不到模型 {place.model}。检查 COACH_MODEL 的拼写和 OPENAI_BASE_URL（通常以 /v1 结尾）。",
        f"{place.host} has no model {place.model}. Check the spelling in COACH_MODEL, and OPENAI_BASE_URL (it usually "
        "ends in /v1).",
    )


def _too_fast(place: Place, facts: Facts) -> ModelError:
    wait = f"{facts.retry_after_s:g} 秒" if facts.retry_after_s else "片刻"
    pause = f"{facts.retry_after_s:g} seconds" if facts.retry_after_s else "a moment"
    return ModelRateLimited(
        f"{place.host} 说请求太快了。等{wait}再试；批量评分时把并发调小。",
        f"{place.host} says that requests come too fast. Wait {pause} and try again; for a batch, lower the "
        "concurrency.",
        facts.retry_after_s,
    )


def _too_long_call(_: Place, __: Facts) -> ModelError:
    return ModelError(
        "这通电话的内容超出了模型一次能读的长度。换一个上下文更长的 COACH_MODEL 再试。",
        "This call is longer than the model can read at once. Use a COACH_MODEL with a longer context and try again.",
    )


def _busy_or_broken(place: Place, _: Facts) -> ModelError:
    return ModelUnavailable(
        f"{place.host} 暂时出错或太忙。通话还在，等一会儿再试。",
        f"{place.host} has a fault or is too busy. The call is still here: try again in a while.",
    )


def _refused(place: Place, facts: Facts) -> ModelError:
    return ModelError(
        f"{place.host} 不接受这个请求（HTTP {facts.status}）。检查 COACH_PROVIDER、COACH_MODEL 和 OPENAI_BASE_URL "
        "是否配套。",
        f"{place.host} doesn't accept the request (HTTP {facts.status}). Check that COACH_PROVIDER, COACH_MODEL and "
        "OPENAI_BASE_URL belong together.",
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of refusal: by HTTP status, by the provider's code, or by words in code, type or message."""

    build: Callable[[Place, Facts], ModelError]
    words: re.Pattern[str]
    statuses: frozenset[int] = frozenset()
    codes: frozenset[str] = frozenset()

    def applies(self, facts: Facts) -> bool:
        return facts.status in self.statuses or facts.code in self.codes or bool(self.words.search(facts.words))


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


# The order matters: a filter's refusal may be a 403, an empty account a 429, a missing model a 400.
# The codes of four digits are Zhipu's.
_KINDS = (
    _Kind(
        _filtered,
        _words(
            "data_?inspection_?failed",  # DashScope
            "content[ _]?filter",  # OpenAI, Azure, Moonshot
            "content_policy|ResponsibleAIPolicy",
            "Content Exists Risk",  # DeepSeek
            "considered high risk",  # Moonshot
            "SensitiveContentDetected|RiskDetection",  # Ark
            "inappropriate content|敏感|不安全",
        ),
        codes=frozenset({"1301"}),
    ),
    _Kind(
        _spent,
        _words(
            "insufficient_quota|exceeded_current_quota|insufficient.balance",
            "Arrearage|FreeTierOnly",  # DashScope
            "AccountOverdue|ServiceOverdue",  # Ark
            "欠费|余额不足",
        ),
        statuses=frozenset({402}),
        codes=frozenset({"1113", "1304", "1308", "1309", "1310"}),
    ),
    _Kind(
        _no_key,
        _words("invalid_api_key|incorrect api key|invalid_authentication"),
        statuses=frozenset({401}),
        codes=frozenset({"1000", "1001", "1002", "1003", "1004"}),
    ),
    _Kind(
        _no_model,
        _words(
            "model_not_found|model not exist|模型不存在",
            "ModelNotOpen|InvalidEndpointOrModel",  # Ark
            "DeploymentNotFound",  # Azure
            "model .{0,80}(does not exist|not found)",
        ),
        statuses=frozenset({404}),
        codes=frozenset({"1211"}),
    ),
    _Kind(_forbidden, _words("unsupported_country|AccessDenied"), statuses=frozenset({403})),
    _Kind(
        _too_fast,
        _words("rate_limit|limit_requests|too many requests|Throttling"),
        statuses=frozenset({429}),
        codes=frozenset({"1302", "1303", "1305", "1312"}),
    ),
    _Kind(
        _too_long_call,
        _words(
            "context_length_exceeded|exceed_context_size|maximum context length|context window",
            "prompt is too long|range of input length",
        ),
        codes=frozenset({"1261"}),
    ),
    _Kind(_busy_or_broken, _words("server_overloaded|engine_overloaded"), statuses=frozenset(range(500, 600))),
)
