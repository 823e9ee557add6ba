"""HOW MODELS ARE REACHED: one narrow asynchronous seam, and the only place that knows LangChain and openai.

Light on purpose: importing this package loads neither. `build_models(settings)` in build.py is the way in.
"""

from __future__ import annotations

ALLOW_REQUESTS = True
"""False: a request to any host but this machine is refused before it leaves. Tests switch it off for the whole run."""
