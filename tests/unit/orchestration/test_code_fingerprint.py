"""Which code decides that a file is read again: all of it that turns a file into lines."""

from __future__ import annotations

import subprocess
import sys

from orchestration.intake import CODE_FILES

ABOUT_THE_MACHINE = {"limit_settings", "logs"}  # the limits are part of the specification themselves; a log decides nothing


def test_every_module_that_makes_records_is_in_the_fingerprint() -> None:
    words = "import sys, orchestration.storing, orchestration.checking; print('\\n'.join(sys.modules))"
    shown = subprocess.run([sys.executable, "-W", "ignore", "-c", words], capture_output=True, text=True, check=True).stdout
    used = {name.removeprefix("orchestration.") for name in shown.split() if name.startswith("orchestration.")}
    assert used == set(CODE_FILES) | ABOUT_THE_MACHINE
