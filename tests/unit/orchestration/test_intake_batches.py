"""Files are checked together until there are many, or many lines of them are held."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from orchestration.intake import is_batch


def _reading(*lines: int) -> Any:
    return SimpleNamespace(parts=[SimpleNamespace(lines=pd.DataFrame(index=range(count))) for count in lines])


@pytest.mark.parametrize(
    ("readings", "is_enough"),
    [([], False), ([_reading(1)] * 63, False), ([_reading(1)] * 64, True), ([_reading(100_000, 99_999)], False),
     ([_reading(100_000), _reading(50_000, 50_000)], True), ([_reading()] * 64, True)],
)  # fmt: skip
def test_a_batch_is_so_many_files_or_so_many_lines(readings: list[Any], is_enough: bool) -> None:
    assert is_batch(readings) is is_enough
