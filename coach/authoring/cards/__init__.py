"""CHARACTER CARDS: personas from and for other programs (Character Card V1, V2, V3; JSON, and PNG with the card inside).

Specifications: malfoyslastname/character-card-spec-v2 and kwaroran/character-card-spec-v3 on GitHub.
"""

from coach.authoring.cards.incoming import Incoming, import_card
from coach.authoring.cards.outgoing import card_json, card_png

__all__ = ["Incoming", "card_json", "card_png", "import_card"]
