"""Scripted trainees played against the engine: every persona is tested before anybody meets it."""
