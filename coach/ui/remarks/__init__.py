"""Remarks of trainers on the customer's lines, and the principles they become. Plugged into the try-out chat and stored calls."""
