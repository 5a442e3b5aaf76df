"""`dagster dev` with our web server in the place of Dagster's: `python -m orchestration.development_server` takes what it takes.

Belongs here: that one exchange. Should Dagster start its server in another way, it starts its own, and links to reports do not
open.
"""

from __future__ import annotations

import sys
from typing import Any

from dagster._cli import dev, main

LAUNCHER = "open_ipc_subprocess"
THEIRS, OURS = ["-m", "dagster_webserver"], ["-m", "orchestration.webserver"]


def run() -> None:
    """Run `dagster dev` with this command's arguments."""
    start: Any = vars(dev)[LAUNCHER]

    def started(parts: list[str], **named: Any) -> Any:
        return start([parts[0], *OURS, *parts[3:]] if parts[1:3] == THEIRS else parts, **named)

    setattr(dev, LAUNCHER, started)
    sys.argv = ["dagster", "dev", *sys.argv[1:]]
    main()


if __name__ == "__main__":
    run()
