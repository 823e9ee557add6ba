"""Trainers' part of the page: writing customers, cases and rubrics, trying them out, accepting and saving them."""
