"""The settings, and what is said where one of them is wrong."""

from typing import Any

from pydantic import ValidationError

from api.cli.speaking import Refused
from api.settings import Settings
from api.wording import validation_words


def read_settings(**instead: Any) -> Settings:
    """The settings of the environment, but for those given `instead`.

    Raises
    ------
    Refused
        when one of them is wrong, naming it.
    """
    try:
        return Settings(**instead)
    except ValidationError as error:
        raise Refused("\n".join(_wrong(found) for found in error.errors())) from None


def _wrong(found: Any) -> str:
    if found["type"] == "value_error":  # our own words; the library's are English
        return f"设置有误：{found['ctx']['error']}。"
    name = "_".join(str(step) for step in found["loc"]).upper()
    return f"设置 WENGANG_{name} 有误：{validation_words(found)}。"
