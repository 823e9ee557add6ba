import pytest
import yaml
from builders import ROOT

from coach.content.moves import Vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.model_validate(yaml.safe_load((ROOT / "moves" / "moves.yaml").read_text("utf-8")))
