"""Fields of pydantic's models, copied no deeper than they are changed, while a library declares hundreds of models.

Belongs here: that copy. Knows no library but pydantic's first version, by which Great Expectations declares its models.

A model copies the fields of the model that it extends, and pydantic copies them to the bottom: types, defaults, settings and
validators of validators. Half of the import of Great Expectations was that. What a model changes of a field that it took over are
the field itself, its lists and mappings, the fields in them, and what is said of it (`FieldInfo`): these are copied.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic.v1.fields import FieldInfo, ModelField

_OWN = (
    "sub_fields", "sub_fields_mapping", "key_field", "default", "field_info", "class_validators",
    "validators", "pre_validators", "post_validators",
)  # fmt: skip
_SHARED = tuple(name for name in ModelField.__slots__ if name not in _OWN)


@contextmanager
def fields_copied_lightly() -> Iterator[None]:
    """Within the block fields are copied so; after it as ever."""
    setattr(ModelField, "__deepcopy__", lambda field, _: _copied(field))  # noqa: B010 (it declares no such attribute)
    try:
        yield
    finally:
        delattr(ModelField, "__deepcopy__")


def _copied(field: Any) -> Any:
    made = field.__class__.__new__(field.__class__)
    for name in _SHARED:
        if hasattr(field, name):  # one that is not prepared yet lacks some
            setattr(made, name, getattr(field, name))
    for name in _OWN:
        if hasattr(field, name):
            setattr(made, name, _own(getattr(field, name)))
    return made


def _own(value: Any) -> Any:
    if isinstance(value, ModelField):
        return _copied(value)
    if value.__class__ is list:
        return [_own(each) for each in value]
    if value.__class__ is dict:
        return {key: _own(each) for key, each in value.items()}
    if isinstance(value, FieldInfo):
        said = copy.copy(value)
        said.extra = dict(value.extra)
        return said
    return value
