"""Secrets in an error of a notebook, a challenger or a source reach nothing that is written or shown."""

from pathlib import Path

import pytest
from notebook_making import notebook, write_notebooks
from project_making import PLAIN, make_project

from segmentation.cli import main
from segmentation.errors import without_passwords

LEAKS = [
    "postgresql://me:hunter2hunter2@db/sales is away",
    "host=db password=hunter2hunter2 user=me",
    "{'password': 'hunter2hunter2', 'user': 'me'}",
    "token: hunter2hunter2",
    "api_key=hunter2hunter2&x=1",
    "Authorization: Bearer hunter2hunter2",
    "the server said: hunter2hunter2",  # known from the environment
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_API_TOKEN", "hunter2hunter2")
    monkeypatch.setattr("segmentation.command.monthly.PRELOAD", ())


@pytest.mark.parametrize("text", LEAKS)
def test_a_text_is_shown_without_its_secret(text: str) -> None:
    assert "hunter2" not in without_passwords(text)


@pytest.mark.parametrize(
    "text",
    ["passwd: unknown column", "token: this word is not known", "the secret is out", "write to a@b: thanks"],
)
def test_prose_stays_as_it_is(text: str) -> None:
    assert without_passwords(text) == text


MADE = [
    "'postgresql://me:' + 'hunter2' * 2 + '@db/sales'",
    "'host=db password=' + 'hunter2' * 2",
    "'it said ' + os.environ['CRM_API_TOKEN']",
]


@pytest.mark.parametrize("code", MADE)
def test_an_error_of_a_challenger_or_a_notebook_gives_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    params = make_project(tmp_path, PLAIN, methods={"ABC": {}, "Mine": {"use": "leaking:Mine"}})
    (tmp_path / "leaking.py").write_text(
        f"import os\n\nclass Mine:\n    def fit(self, profile):\n        raise ValueError({code})\n"
    )
    monkeypatch.setattr("sys.argv", ["segmentation", "run", str(params)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 6
    shown = (
        f"import pandas\npandas.DataFrame({{'note': [{code}]}})",
        f"from IPython.display import HTML, JSON\ndisplay(HTML('<b>' + {code} + '</b>'), JSON({{'a': [{code}]}}))",
    )
    leaks = (
        "import os",
        f"print({code})",
        f"os.write(2, ({code}).encode())",
        *shown,
        f"raise OSError({code})",
    )
    write_notebooks(tmp_path / "notebooks", {"2-leak": notebook("# Leak", *leaks)})
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 4
    out, err = capsys.readouterr()
    assert "hunter2hunter2" not in out + err
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"hunter2hunter2" not in path.read_bytes(), path
