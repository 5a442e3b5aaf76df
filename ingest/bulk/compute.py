"""pyarrow's compute functions, which are made while it is imported: no type checker sees them."""

from typing import Any

import pyarrow.compute

pc: Any = pyarrow.compute
