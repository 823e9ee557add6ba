"""Finds a quote in a text although width, punctuation or spaces differ, and gives the words as they stand there."""

from __future__ import annotations

import unicodedata


def find_quote(quote: str, text: str) -> str:
    """The verbatim stretch of `text` that `quote` means, or an empty string when its words are not there."""
    quote = quote.strip()
    if quote and quote in text:
        return quote
    wanted, _ = _letters(quote)
    if not wanted:
        return ""
    letters, places = _letters(text)
    at = letters.find(wanted)
    return text[places[at] : places[at + len(wanted) - 1] + 1] if at >= 0 else ""


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits only, half-width and lower case, with the place of each in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for plain in unicodedata.normalize("NFKC", char).lower():
            if plain.isalnum():
                letters.append(plain)
                places.append(place)
    return "".join(letters), places
