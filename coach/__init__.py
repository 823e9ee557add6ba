"""热线客服情景陪练: role-play coach for hotline agents. Folders are stages, imported downward only (docs/architecture.md)."""

__version__ = "0.1.0"
