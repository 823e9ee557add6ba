"""One visitor of the page: what their browser remembers, the language in force, who they are. Made anew for each request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.ui.memory import Memory
from coach.ui.viewer import Viewer


@dataclass(frozen=True)
class Visitor:
    memory: Memory = field(default_factory=Memory)
    """From the browser: not trusted."""
    language: str = "zh"
    viewer: Viewer = field(default_factory=Viewer)
    """From the session and the users table: trusted."""

    def with_memory(self, memory: Memory) -> Visitor:
        return replace(self, memory=memory)

    def with_call(self, call_id: str) -> Visitor:
        """With this call on the page."""
        return replace(self, memory=self.memory.with_call(call_id))

    def speaking(self, language: str) -> Visitor:
        """With the language they chose, which their browser remembers."""
        return replace(self, language=language, memory=self.memory.model_copy(update={"language": language}))
