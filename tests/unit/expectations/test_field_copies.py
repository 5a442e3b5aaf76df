"""Great Expectations' models are what they are when pydantic copies their fields to the bottom, and a field copied is its own."""

import json
import re
import subprocess
import sys

from pydantic.v1 import BaseModel, Field, validator

from expectations.field_copies import fields_copied_lightly

_DESCRIBED = """
import json, sys
{how}
from pydantic.v1 import BaseModel

def described(field):
    parts = [described(each) for each in field.sub_fields or []] + ([described(field.key_field)] if field.key_field else [])
    lists = [len(each or []) for each in (field.validators, field.pre_validators, field.post_validators)]
    return [repr(field), repr(field.field_info), field.alias, str(field.required), field.model_config.__qualname__, lists,
            sorted(field.class_validators or {{}}), parts]

found, ahead = {{}}, [BaseModel]
while ahead:
    model = ahead.pop()
    ahead += model.__subclasses__()
    found[model.__module__ + "." + model.__qualname__] = [described(field) for field in model.__fields__.values()]
json.dump(found, sys.stdout, sort_keys=True)
"""


def _models(how: str) -> dict[str, list[object]]:
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", _DESCRIBED.format(how=how)], stdout=subprocess.PIPE, check=True)
    return json.loads(re.sub(rb" at 0x[0-9a-f]+", b"", said.stdout))


def test_models_are_what_they_are_without_it() -> None:
    ours = _models("from expectations.engine import library\nlibrary()")
    plain = _models("import great_expectations")
    assert len(plain) > 200 and sum(map(len, plain.values())) > 1_000
    assert ours == plain


def test_what_a_model_changes_of_a_field_it_took_over_is_its_own() -> None:
    class Base(BaseModel):
        names: dict[str, list[int]] = {"a": [1]}
        size: int = Field(1, title="size", colour="red")

    with fields_copied_lightly():

        class Further(Base):
            @validator("size")
            def grows(cls, size: int) -> int:  # noqa: N805 (pydantic's first version wants it so)
                return size + 1

            class Config:
                fields = {"size": {"alias": "Size", "exclude": ..., "shade": "dark"}}  # noqa: RUF012

    Further.__fields__["names"].sub_fields.append(None)  # type: ignore[union-attr, arg-type]
    Further.__fields__["size"].field_info.extra["colour"] = "blue"
    base = Base.__fields__
    assert base["size"].alias == "size" and not base["size"].class_validators and len(base["names"].sub_fields or []) == 1
    assert base["size"].field_info.extra == {"colour": "red"}
    assert Base(size=4).size == 4 and Further.parse_obj({"Size": 4}).size == 5
    assert "__deepcopy__" not in vars(type(base["size"]))
