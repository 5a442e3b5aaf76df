"""The secret that a home hashes personal data with.

Belongs here: where it comes from (TOTALPLACE_HASH_KEY, else a file of the home, made once and readable by its owner alone).
Must not: be logged, shown, or put into a release.
"""

import os
import secrets

from ingest.home import Home

SECRET_VARIABLE = "TOTALPLACE_HASH_KEY"


def home_secret(home: Home) -> bytes:
    """The secret of a home; made at the first call where there is none."""
    if given := os.environ.get(SECRET_VARIABLE):
        return given.encode()
    path = home.secret_file
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def passing_secret() -> bytes:
    """For a dry run, which stores nothing: the variable's, else one that is forgotten."""
    return os.environ.get(SECRET_VARIABLE, "").encode() or secrets.token_bytes(32)
