"""From settings to the models of the three roles."""

from __future__ import annotations

from dataclasses import dataclass

from coach.models.endpoint import Endpoint
from coach.models.langchain_model import LangChainModel
from coach.models.seam import ChatModel
from coach.settings import Role, Settings


@dataclass(frozen=True)
class Models:
    """Who speaks as the customer, who appraises turns, who judges calls. Several may be the same object."""

    customer: ChatModel
    appraisal: ChatModel
    judge: ChatModel


def build_models(settings: Settings) -> Models | None:
    """The models for these settings; None when none is configured (offline mode). Sends nothing yet.

    Roles with the same model name share one object, and so what was learned about the endpoint.
    """
    if not settings.model_configured:
        return None
    endpoint = Endpoint.of(settings)
    made: dict[str, LangChainModel] = {}

    def model(role: Role) -> LangChainModel:
        name = settings.model_for(role) or ""
        return made.setdefault(name, LangChainModel(endpoint, name))

    return Models(customer=model("customer"), appraisal=model("appraisal"), judge=model("judge"))
