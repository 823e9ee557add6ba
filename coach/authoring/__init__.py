"""How trainers write: starting points, forms, saving; what comes in from other programs, documents and real calls."""
