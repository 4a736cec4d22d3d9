"""The policy as people type and keep it: values in words, checked against what the program asks for, and as a TOML file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

import tomli_w

from mosovo_planner.domain.policy import UNSET, Policy, PolicyError, PolicyValue, Setting, read_policy

_LEAST = {"door.warrant_prompt_attempts": (2, "Sexual Offences Act 2003, s.96B asks for at least two")}
_HEAD = "# The force's policy. Each value has its source and date; confirmed = false: confirm with your force.\n"


def words_of(value: Setting) -> str:
    """``1, 2, 3`` for a list, else the value as it is written."""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def title_of(key: str) -> tuple[str, str]:
    """Group and name of a key in words: ``Visit, interval months`` and ``Very high``."""
    *path, name = key.split(".")
    return _titled(", ".join(_words(part) for part in path)), _titled(_words(name))


_SHORT = {short.casefold(): short for short in ("ARMS", "RMP", "MAPPA", "ViSOR")}
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b", re.IGNORECASE)


def _titled(words: str) -> str:
    """With a capital, and abbreviations as the field writes them."""
    return _SHORTENED.sub(lambda found: _SHORT[found[0].casefold()], words.capitalize())


def typed(key: str, text: str, like: Setting) -> Setting:
    """What was typed for a key, as the kind of value that the program's own policy has there.

    Raises:
        PolicyError: it is no such value; the message names the key and the cure.
    """
    clean = text.strip()
    name = title_of(key)[1]
    if clean.casefold() == UNSET and (like == UNSET or not isinstance(like, list)):
        return UNSET
    if isinstance(like, list):
        try:
            return [int(part) for part in clean.split(",") if part.strip()]
        except ValueError:
            raise PolicyError(f"{name} is a list of whole numbers with commas between, such as 1, 2, 3.") from None
    if isinstance(like, str) and like != UNSET:
        return _like_text(name, clean, like)
    try:
        number = float(clean)
    except ValueError:
        raise PolicyError(f"{name} is a number, or the word unset where the force has none.") from None
    return int(number) if number.is_integer() else number


def check_policy(policy: Policy, known: Policy) -> None:
    """Refuse a policy that the program cannot work with; ``known`` is the one it brings along.

    Raises:
        PolicyError: a key is missing or unknown, a value is of another kind, or below what the law asks.
    """
    missing = sorted(known.values.keys() - policy.values.keys())
    unknown = sorted(policy.values.keys() - known.values.keys())
    if missing:
        raise PolicyError(f"The policy lacks {', '.join(missing[:5])}. Add what is missing; the program's own policy has it.")
    if unknown:
        raise PolicyError(f"The policy has {', '.join(unknown[:5])}, which the program does not know. Take it out.")
    for key, each in policy.values.items():
        typed(key, words_of(each.value), known.values[key].value)
        least, why = _LEAST.get(key, (0, "it cannot be below nought"))
        numbers = [each.value] if isinstance(each.value, (int, float)) else []
        if any(number < least for number in numbers):
            raise PolicyError(f"{title_of(key)[1]} must be {least} or more: {why}.")
        if not each.source.strip():
            raise PolicyError(f"{title_of(key)[1]} has no source. Say where the value comes from.")


def policy_toml(policy: Policy) -> str:
    """The policy as a TOML file that :func:`read_policy` reads back."""
    tree: dict[str, Any] = {}
    for key, each in policy.values.items():
        *path, name = key.split(".")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[name] = {"value": each.value, "source": each.source, "date": each.date, "confirmed": each.confirmed}
    return _HEAD + tomli_w.dumps(tree)


def read_policy_file(text: str, known: Policy) -> Policy:
    """A policy file as somebody edited it, checked.

    Raises:
        PolicyError: it cannot be used; the message names the key and the cure.
    """
    policy = read_policy(text)
    check_policy(policy, known)
    return Policy({key: replace(policy.values[key], value=_same_kind(key, policy.values[key], known)) for key in known.values})


def changed_keys(before: Mapping[str, PolicyValue], after: Mapping[str, PolicyValue]) -> tuple[str, ...]:
    """The keys whose value, source, date or confirmation differ."""
    return tuple(sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key)))


def change_lines(before: Policy, after: Policy) -> Iterator[str]:
    """What changed from one policy to another, a line each."""
    for key in changed_keys(before.values, after.values):
        group, name = title_of(key)
        old, new = before.values.get(key), after.values.get(key)
        if old and new and old.value != new.value:
            yield f"{group}: {name} {words_of(old.value)} to {words_of(new.value)} ({new.source})"
        elif new and (old is None or old.confirmed != new.confirmed):
            yield f"{group}: {name} {'confirmed' if new.confirmed else 'to be confirmed'} ({new.source})"
        elif new:
            yield f"{group}: {name} {words_of(new.value)}, source or date changed ({new.source})"


def _same_kind(key: str, each: PolicyValue, known: Policy) -> Setting:
    return typed(key, words_of(each.value), known.values[key].value)


def _like_text(name: str, clean: str, like: str) -> str:
    try:
        time.fromisoformat(like)
    except ValueError:
        return clean
    try:
        return time.fromisoformat(clean).strftime("%H:%M")
    except ValueError:
        raise PolicyError(f"{name} is a time such as 08:30.") from None


def _words(part: str) -> str:
    return part.replace("_", " ").replace("unassessed", "not assessed")  # the word of the lists and papers
