"""Last month under other settings: said with both counts, and movement is told against what was published."""

import pandas as pd
import pytest
from notebook_making import notebook
from project_making import OPEN, make_project

from segmentation import Study
from segmentation.command.monthly import run_month
from segmentation.command.verifying import verify
from segmentation.questions import moves
from segmentation.questions.published import published_otherwise, said
from segmentation.reporting.progress import Progress
from segmentation.study.settings import Settings

NOTEBOOKS = {
    "0-month": notebook(
        "# Who moved?", *OPEN, "from segmentation.questions import moves", "moves.answer(study)"
    )
}


def quiet() -> Progress:
    return Progress(quiet=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """November published with a window of six months; December's settings as they are asked for."""
    root = tmp_path_factory.mktemp("published")
    params = make_project(root, NOTEBOOKS, month="2017-11")
    run_month(Settings.load(params), quiet())
    return params


def study_of(params, **changes):
    return Study.open(Settings.load(params)).with_(month="2017-12", **changes)


def test_the_same_settings_need_no_remark(project):
    study = study_of(project)
    assert published_otherwise(study) is None
    assert said(study) is None


def test_another_window_is_said_with_both_counts(project):
    study = study_of(project, window_months=2)
    then, now = (study_of(project, window_months=w).with_(month="2017-11").learned("ABC") for w in (6, 2))
    counts = [int((found["tiers"]["tier"] == "A").sum()) for found in (then, now)]
    assert counts[0] != counts[1]
    assert study.say(said(study)) == (
        f"November 2017 was published with a window of 6 months (now 2): {counts[0]} A (Key) customers then, "
        f"{counts[1]} by today's settings. Moves are told against what was published."
    )


def test_movement_is_told_against_what_was_published(project):
    study = study_of(project, window_months=2)
    was = study_of(project).with_(month="2017-11").learned("ABC")["tiers"].set_index("customer_id")["tier"]
    found = moves.changes(study).set_index("customer_id")["before"]
    pd.testing.assert_series_equal(found[was.index], was, check_names=False, check_dtype=False)
    assert "cannot be told" in repr(moves.why(study))
    assert (moves.attributed(study)["cause"] == "unknown").all()


def test_other_options_of_the_official_method_are_said(project):
    study = study_of(project, methods={"ABC": {"share_of_customers": [0.1, 0.5]}})
    assert "with ABC {} (now " in study.say(said(study))


def test_where_ids_are_not_shown_only_the_counts_are_told(project):
    study = study_of(project, window_months=2, show_customer_ids=False)
    assert study.say(said(study)).endswith("Moves are told by today's settings.")
    assert published_otherwise(study).tiers is None


def test_such_a_run_is_verified_to_the_byte(project):
    settings = Settings.load(project)
    values = settings.model_dump(mode="json")
    root = values.pop("root")
    other = Settings.of({**values, "month": "2017-12", "window_months": 2}, root=root)
    made = run_month(other, quiet(), origin=project)
    assert "was published with a window of 6 months" in made.page.read_text(encoding="utf-8")
    assert not run_month(other, quiet()).published
    assert verify(made.page.parent, quiet(), project) > 0
