"""The secret that a home hashes personal data with.

Belongs here: where it comes from (TOTALPLACE_HASH_KEY, else a file of the home, made once and readable by its owner alone).
Must not: be logged, shown, or put into a release.
"""

import os
import secrets
from contextlib import suppress

from ingest.durable import flush_folders, make_folder
from ingest.home import Home

SECRET_VARIABLE = "TOTALPLACE_HASH_KEY"


def home_secret(home: Home) -> bytes:
    """The secret of a home; made at the first call where there is none."""
    if given := os.environ.get(SECRET_VARIABLE):
        return given.encode()
    path = home.secret_file
    if not path.exists():
        make_folder(path.parent)
        aside = path.with_name(f".{path.name}.{os.getpid()}.part")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another made it meanwhile: that one is the home's
            os.link(aside, path)  # whole or not at all: half a secret would be a secret too
        aside.unlink()
        flush_folders([path.parent])
    if secret := path.read_bytes():
        return secret
    raise ValueError(f"{path} is empty: put the secret back from a copy of the home (without it, personal data cannot be matched)")


def passing_secret() -> bytes:
    """For a dry run, which stores nothing: the variable's, else one that is forgotten."""
    return os.environ.get(SECRET_VARIABLE, "").encode() or secrets.token_bytes(32)
