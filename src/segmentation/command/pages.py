"""Which pages a report has: every notebook once, and a method's notebook once for each method of its kind."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from segmentation.reporting.notebooks import Source, Variant
from segmentation.study.settings import Settings

_PACKAGE = Path(str(resources.files("segmentation")))
_IN_WHEEL = _PACKAGE / "_notebooks"
PACKED = _IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parents[1] / "notebooks"  # those of a checkout
OTHERS = "*"  # the kind of the notebook for methods that have none of their own
ABOUT = "about"  # the parameter that tells such a notebook its method


def notebooks_folder(settings: Settings) -> Path:
    """The folder of notebooks: the one the settings name; else the project's own, or if that has none, what
    came with the package.
    """
    named = settings.place("notebooks")
    default = settings.notebooks == Settings.model_fields["notebooks"].default
    return PACKED if default and not any(named.glob("*.ipynb")) and PACKED.is_dir() else named


def variants_of(pages: Sequence[Source], settings: Settings) -> dict[str, list[Variant]]:
    """How often each notebook is pressed, by its name: for a method's notebook, once a method of its class.

    A page whose metadata `needs` a table that is not given is not pressed. The first method of a class has the
    notebook's own name; further ones, and methods without a notebook of their own, add theirs:
    `method-lifetime-value`.
    """
    own = {source.kind for source in pages} - {"", OTHERS}
    found: dict[str, list[Variant]] = {}
    for source in pages:
        if any(getattr(settings, need, None) is None for need in source.needs):
            found[source.path.stem] = []
            continue
        if not source.kind:
            found[source.path.stem] = [Variant()]
            continue
        names = [
            name
            for name, options in settings.methods.items()
            if (kind := str(options.get("use", name))) == source.kind
            or (source.kind == OTHERS and kind not in own)
        ]
        marks = _marks(names, plain_first=source.kind != OTHERS)
        found[source.path.stem] = [
            Variant(mark, {ABOUT: name}, {"method": name}) for name, mark in zip(names, marks)
        ]
    return found


def _marks(names: Sequence[str], *, plain_first: bool) -> list[str]:
    """What each method adds to its notebook's name: letters, digits and hyphens, all different.

    >>> _marks(["ABC", "ABC by profit", "ABC: by profit"], plain_first=True)
    ['', '-abc-by-profit', '-abc-by-profit-2']
    """
    marks: list[str] = []
    for number, name in enumerate(names):
        slug = "-".join("".join(c if c.isalnum() else " " for c in name).lower().split())[:60] or str(
            number + 1
        )
        mark = "" if plain_first and number == 0 else f"-{slug}"
        again = sum(1 for other in marks if other == mark or other.startswith(f"{mark}-"))
        marks.append(f"{mark}-{again + 1}" if mark in marks else mark)
    return marks
