"""What Prefect reads from the environment when it is imported; every file that imports it imports this one first."""

from __future__ import annotations

import os

# no look-ups of the outside, and time for the embedded server on a busy machine
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
# a server whose database is started again answers 500: asked again for a minute (flows of a worker: `prefect.yaml`)
os.environ.setdefault("PREFECT_CLIENT_RETRY_EXTRA_CODES", "500")
