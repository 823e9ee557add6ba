"""IN AND OUT on the trainers' page: character cards, drafts from documents and calls, personas as cards to take away."""
