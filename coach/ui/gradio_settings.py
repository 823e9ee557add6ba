"""What gradio reads from the environment, as the page wants it. Set before gradio is imported."""

from __future__ import annotations

GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # read when gradio is imported; with it on, gradio looks hosts up on the network
    # for a dashboard that is off here, gradio counts its last ten thousand events over after every single one
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
