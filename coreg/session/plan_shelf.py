"""Practices of one's own: plans in the data folder, beside those that ship with coreg.

Strategy. Whoever writes a plan puts it into `practices` in the data folder, as the
file `NAME.toml` of the practice `NAME`; then it stands on Home. One that cannot be used
is left out and named with what would be right: it takes nothing else with it. None may
be called as one of coreg's own, so that a name means the same in every folder.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from coreg.base.bounds import shown
from coreg.errors import BadPlanError
from coreg.exercises.plan import Plan, parse_plan
from coreg.store.folder import practices_folder
from coreg.store.plans import is_taken, read_plan
from coreg.words import system_said, wrong_and_do

WITHOUT_BREATHING: Final = "-without-breathing"
"""How the version of a practice is called in which no breath leads."""
MOST_OWN: Final = 100
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlan:
    """A plan as it is written and as it is read."""

    text: str
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that cannot be used as a practice: what is wrong, and what to do."""

    path: Path
    wrong: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlans:
    """The practices in a data folder by name, and the files that were left out."""

    plans: Mapping[str, FoundPlan] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


NO_OWN: Final = OwnPlans()


def is_name(name: str) -> bool:
    """Say whether a practice of one's own may be called so.

    Examples
    --------
    >>> is_name("tea-at-five"), is_name("Tea at five"), is_name("../tea")
    (True, False, False)
    """
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def free_name(name: str) -> str:
    """Return a name that a new practice may have.

    Raises
    ------
    BadPlanError
        If it cannot be a name, or is that of one of coreg's own.
    """
    if not is_name(name):
        told = wrong_and_do(
            "errors.practice.no-name", name=shown(name), most=_LONGEST_NAME
        )
        raise BadPlanError(*told)
    if is_taken(name):
        raise BadPlanError(*wrong_and_do("errors.practice.name-taken", name=name))
    return name


def found_plan(name: str, folder: Path) -> FoundPlan:
    """Return a plan: one of coreg's own by name, one of this folder's, or a file.

    Raises
    ------
    BadPlanError
        If there is no such plan, or it has a fault.
    """
    if not is_taken(name) and is_name(name):
        path = _path(folder, name)
        if path.is_file():
            return _own(path)
    return read_plan(name, _both)


def own_plans(folder: Path) -> OwnPlans:
    """Return what a data folder has of one's own; nothing in it can break anything."""
    plans: dict[str, FoundPlan] = {}
    left_out: list[LeftOut] = []
    for path in _files(folder, left_out):
        try:
            plans[path.stem] = _own(path)
        except BadPlanError as fault:
            left_out.append(_left(path, (fault.wrong, fault.do)))
    for name in [*plans]:
        usual = name.removesuffix(WITHOUT_BREATHING)
        if usual not in plans:
            del plans[name]
            left_out.append(_of_nothing(_path(folder, name), usual))
    return OwnPlans(plans=MappingProxyType(plans), left_out=tuple(left_out))


def _path(folder: Path, name: str) -> Path:
    return practices_folder(folder) / f"{name}.toml"


def _files(folder: Path, left_out: list[LeftOut]) -> list[Path]:
    """Return the plans of a folder, no more of them than anybody would write."""
    place = practices_folder(folder)
    try:
        files = sorted(each for each in place.iterdir() if _is_plan(each))
    except FileNotFoundError:
        return []
    except OSError as fault:
        why = system_said(fault)
        told = wrong_and_do("errors.practice.folder-unreadable", folder=place, why=why)
        left_out.append(_left(place, told))
        return []
    for each in files[MOST_OWN:]:
        told = wrong_and_do("errors.practice.too-many", path=each, most=MOST_OWN)
        left_out.append(_left(each, told))
    return files[:MOST_OWN]


def _is_plan(path: Path) -> bool:
    return path.suffix == ".toml" and not path.name.startswith(".")


def _own(path: Path) -> FoundPlan:
    """Return a plan of one's own, called as its file and as none of coreg's own."""
    if not is_name(path.stem):
        told = wrong_and_do(
            "errors.practice.file-name-wrong",
            path=path,
            name=shown(path.stem),
            most=_LONGEST_NAME,
        )
        raise BadPlanError(*told)
    if is_taken(path.stem):
        told = wrong_and_do(
            "errors.practice.file-name-taken", path=path, name=path.stem
        )
        raise BadPlanError(*told)
    found = read_plan(str(path), _both)
    if found.plan.name != path.stem:
        told = wrong_and_do(
            "errors.practice.other-name",
            path=path,
            name=shown(found.plan.name),
            file=path.stem,
        )
        raise BadPlanError(*told)
    return found


def _of_nothing(path: Path, usual: str) -> LeftOut:
    told = wrong_and_do(
        "errors.practice.no-usual", path=path, usual=usual, ending=WITHOUT_BREATHING
    )
    return _left(path, told)


def _left(path: Path, told: tuple[str, str]) -> LeftOut:
    wrong, do = told
    return LeftOut(path=path, wrong=wrong, do=do)


def _both(text: str) -> FoundPlan:
    return FoundPlan(text=text, plan=parse_plan(text))
