"""The failures this product can name. Each says who meets it and what that person can do.

CoachError
├── ContentError        trainers: mistakes in personas, cases, rubrics, moves (all at once, with file and line)
├── SettingsError       whoever starts the program: an environment variable that can't be used
├── NotFound            anybody: an id that doesn't exist (with the nearest ones that do)
├── CallState           trainees: something that can't be done to this call now (it has ended, it waits for an answer ...)
├── NotAllowed          anybody logged in: something that is for trainers, or another person's
├── UserError           whoever keeps the users: a name, password or role that can't be used
├── StoreError          whoever runs it: the data folder or database can't be used
├── InputError          whoever grades files: a transcript that can't be read
└── ModelError          whoever configured a model; every one leaves the call as it was, ready to be retried
    ├── ModelAuthError        no key or a wrong one (401, 403)
    ├── ModelNotFound         no such model or path (404)
    ├── ModelRateLimited      429, quota used up
    ├── ModelUnavailable      5xx, no connection
    ├── ModelTimeout          no answer in time
    ├── ModelCutOff           the stream broke, or the answer hit its length limit
    ├── ModelFiltered         the provider's content filter refused
    └── ModelAnswerInvalid    an answer that is not what was asked for, after one repair
"""

from __future__ import annotations


class CoachError(Exception):
    """Base of all; `str(error)` is a sentence fit for the person who meets it. `zh`/`en` carry both languages."""

    code = "coach"

    def __init__(self, zh: str, en: str = "") -> None:
        super().__init__(zh)
        self.zh = zh
        self.en = en or zh

    def say(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class SettingsError(CoachError):
    code = "settings"


class NotFound(CoachError):
    code = "not_found"


class CallState(CoachError):
    code = "call_state"


class NotAllowed(CoachError):
    code = "not_allowed"


class UserError(CoachError):
    code = "user"


class StoreError(CoachError):
    code = "store"


class InputError(CoachError):
    code = "input"


class ModelError(CoachError):
    """A model could not be used. Nothing of the call is lost; the same step can be tried again."""

    code = "model"


class ModelAuthError(ModelError):
    code = "model_auth"


class ModelNotFound(ModelError):
    code = "model_not_found"


class ModelRateLimited(ModelError):
    """`retry_after_s`: seconds the provider asks to wait, when it says so."""

    code = "model_rate_limited"

    def __init__(self, zh: str, en: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(zh, en)
        self.retry_after_s = retry_after_s


class ModelUnavailable(ModelError):
    code = "model_unavailable"


class ModelTimeout(ModelError):
    code = "model_timeout"


class ModelCutOff(ModelError):
    code = "model_cut_off"


class ModelFiltered(ModelError):
    code = "model_filtered"


class ModelAnswerInvalid(ModelError):
    code = "model_answer_invalid"
