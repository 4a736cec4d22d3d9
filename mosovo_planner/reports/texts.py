"""The words of papers that a force may change: files in ``resources/papers``, read and checked here."""

from __future__ import annotations

import tomllib

from mosovo_planner.domain.errors import UserError
from mosovo_planner.resources import resource


class PaperTextError(UserError):
    """A text for a paper cannot be used; the message names the place and the cure."""


def read_text_file(toml_text: str, name: str) -> dict[str, object]:
    """The file as a tree.

    Raises:
        PaperTextError: it is not TOML.
    """
    try:
        return tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as wrong:
        raise PaperTextError(f"{name} is not valid TOML: {wrong}.") from wrong


def door_prompts(toml_text: str | None = None) -> tuple[str, ...]:
    """What a crew asks on every visit: the force's own text, or the one that comes with the program.

    Raises:
        PaperTextError: it is not TOML, or has no list of texts named prompts.
    """
    text = resource("papers/visit.toml").read_text(encoding="utf-8") if toml_text is None else toml_text
    prompts = read_text_file(text, "The list of prompts").get("prompts")
    if not isinstance(prompts, list) or not all(isinstance(each, str) and each.strip() for each in prompts):
        raise PaperTextError('The list of prompts needs one list of texts, prompts = ["…"], and no empty line in it.')
    return tuple(prompts)
