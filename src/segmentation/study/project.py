"""The project's folder, from which a notebook's relative paths resolve."""

import os
from collections.abc import Sequence
from pathlib import Path

_OPTIONS = ("-f", "--parameters_file")


def project() -> Path:
    """The folder of `params/`: of the file that papermill was given, else here, else one above.

    A notebook that papermill executes sees the parameters but not the file that they came from; the command
    line of papermill, its parent, has it.
    """
    named = _named_to_papermill()
    if named is not None:
        return project_of(named)
    here = Path.cwd()
    return here.parent if not (here / "params").is_dir() and (here.parent / "params").is_dir() else here


def project_of(params: Path) -> Path:
    """The project of a params file: the folder that holds `params/`, else its own folder.

    >>> project_of(Path("crm/params/mine.yaml")).name, project_of(Path("crm/mine.yaml")).name
    ('crm', 'crm')
    """
    folder = params.parent
    return folder.parent if folder.name == "params" else folder


def parameters_file(command: Sequence[str]) -> str | None:
    """The params file in papermill's command line; None if it has none, or is another command's.

    >>> parameters_file(["python", "/bin/papermill", "3-rfm.ipynb", "out.ipynb", "-f", "crm/params/a.yaml"])
    'crm/params/a.yaml'
    >>> parameters_file(["python", "-m", "papermill", "a.ipynb", "b.ipynb", "--parameters_file=a.yaml"])
    'a.yaml'
    >>> parameters_file(["jupyter-lab", "-f", "a.yaml"])
    """
    if not any(Path(word).stem == "papermill" for word in command[:4]):
        return None
    for place, word in enumerate(command):
        option, equals, value = word.partition("=")
        if option in _OPTIONS:
            return value if equals else next(iter(command[place + 1 :]), None)
    return None


def _named_to_papermill() -> Path | None:
    """The absolute path of the params file that the papermill above this process was given."""
    import psutil

    try:
        parent = psutil.Process(os.getppid())
        named = parameters_file(parent.cmdline())
        path = None if named is None else (Path(parent.cwd()) / named).resolve()
    except psutil.Error:
        return None
    return path if path is not None and path.is_file() else None  # --cwd has moved what is relative
