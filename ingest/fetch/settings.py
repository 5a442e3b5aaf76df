"""How far fetching may go: sizes, times, tries, addresses. One table in docs/fetch.md says the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PREFIX = "TOTALPLACE_FETCH_"


@dataclass(frozen=True)
class FetchSettings:
    """Limits of fetching. Each field is the variable TOTALPLACE_FETCH_<FIELD>.

    `total_seconds` bounds one attempt from the first connection to the last byte, `read_seconds` one wait for bytes;
    `retry_after_seconds` is how long a server may ask us to wait before we give up for now; `allowed_folders` are the folders
    that file:// addresses and absolute paths may lie in.
    """

    size_limit_bytes: int = 250_000_000
    total_seconds: float = 300
    connect_seconds: float = 10
    read_seconds: float = 30
    redirects: int = 5
    tries: int = 4
    back_off_seconds: float = 1
    back_off_cap_seconds: float = 30
    retry_after_seconds: float = 120
    parallel: int = 4
    host_pause_seconds: float = 0.2
    allow_private: bool = False
    allowed_folders: tuple[Path, ...] = ()
    proxy: str = ""


_AT_LEAST_ONE = frozenset(("size_limit_bytes", "tries", "parallel"))


def settings_from(variables: Mapping[str, str]) -> FetchSettings:
    """Settings from TOTALPLACE_FETCH_* variables; a blank one is the default.

    Raises ValueError, with words for a person, for a value that cannot be used or a name that is none of ours.
    """
    known = {PREFIX + field.name.upper(): field.name for field in fields(FetchSettings)}
    chosen: dict[str, object] = {}
    for variable, text in sorted(variables.items()):
        if not variable.startswith(PREFIX) or not text.strip():
            continue
        if variable not in known:
            raise ValueError(f"{variable}: there is no such setting; there are {', '.join(sorted(known))}")
        name = known[variable]
        chosen[name] = _value(variable, getattr(FetchSettings, name), name, text.strip())
    return FetchSettings(**chosen)  # type: ignore[arg-type]


def _value(variable: str, default: object, name: str, text: str) -> object:
    if isinstance(default, bool):
        if text.lower() not in ("1", "true", "yes", "0", "false", "no"):
            raise ValueError(f"{variable}={text}: give true or false")
        return text.lower() in ("1", "true", "yes")
    if isinstance(default, (int, float)):
        try:
            number = int(text) if name in ("size_limit_bytes", "redirects", "tries", "parallel") else float(text)
        except ValueError:
            raise ValueError(f"{variable}={text}: give a number") from None
        least = 1 if name in _AT_LEAST_ONE else 0
        if not least <= number < 1e15:  # not NaN, not infinite
            raise ValueError(f"{variable}={text}: give a number of at least {least}")
        return number
    if isinstance(default, tuple):
        return tuple(Path(part).expanduser().resolve() for part in text.split(";") if part.strip())
    return text
