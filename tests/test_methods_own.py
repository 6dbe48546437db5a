"""A method of the user's own: the contract, how it is named in the parameters, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from customers import FORMS

from segmentation.errors import ParameterError
from segmentation.methods import ABC, RFM, Clusters, Method, build
from segmentation.methods.predicted import PredictedValue
from segmentation.rules import Rule
from segmentation.testing import check_method

TIERS = ("A", "B", "C")
HERE = Path(__file__).parent


class Loyal:
    """Only a score: active months, then spend."""

    def __init__(self, weight: float = 1.0) -> None:
        self.weight = weight

    def fit(self, profile: pd.DataFrame) -> "Loyal":
        self.most_ = profile["monetary"].max()
        return self

    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return (self.weight * profile["active_months"] + profile["monetary"] / self.most_).to_numpy()


class Learned(ABC):
    """A rule of another method, learned in another way."""

    def fit(self, profile: pd.DataFrame) -> "Learned":
        self.rule_ = RFM(scores=3).fit(profile).rule_
        return self


class Neither:
    def fit(self, profile: pd.DataFrame) -> "Neither":
        return self


class ByRow(Loyal):
    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return np.arange(len(profile), dtype=float)


class Gaps(Loyal):
    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return profile["growth"].to_numpy()


class Short(Loyal):
    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return super().score(profile)[1:]


class Meddling(Loyal):
    def fit(self, profile: pd.DataFrame) -> "Loyal":
        profile["extra"] = 1
        return super().fit(profile)


class Lucky(Loyal):
    def score(self, profile: pd.DataFrame) -> np.ndarray:
        return np.random.default_rng().random(len(profile))


class Refusing(Loyal):
    def __init__(self) -> None:
        raise SystemExit(3)


class Chatty(Method):
    def __init__(self, tiers: tuple[str, ...] = TIERS) -> None:
        self.tiers = list(tiers)

    def fit(self, profile: pd.DataFrame) -> "Chatty":
        self.rule_ = ABC().fit(profile).rule_
        return self


@pytest.mark.parametrize("method", [Loyal(), Learned(), Loyal(weight=2.0), PredictedValue(2)])
def test_a_method_of_ones_own_passes(method: object) -> None:
    assert len(check_method(method)) == 8


@pytest.mark.parametrize("name", ["ABC limits", "RFM nested", "RFM eleven", "Clusters", "Scorecard"])
def test_every_form_keeps_the_contract(name: str) -> None:
    assert check_method(FORMS[name])


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (Neither(), "neither a rule_ nor a score"),
        (ByRow(), "rows in another order: .* scores change"),
        (Gaps(), "scores are NaN"),
        (Short(), "cannot|shape|Length|length"),
        (Meddling(), "the profile after fit"),
        (Lucky(), "scores change|equal customers differ"),
        (Chatty(), "the constructor changes tiers"),
    ],
)
def test_what_breaks_the_contract_is_named(method: object, message: str) -> None:
    with pytest.raises((AssertionError, ValueError), match=message):
        check_method(method)


def test_a_class_of_ones_own_is_named_in_the_parameters() -> None:
    method = build("Mine", {"use": "test_methods_own:Loyal", "weight": 3.0}, TIERS, seed=0, root=HERE)
    assert (type(method).__name__, method.weight) == ("Loyal", 3.0)
    assert isinstance(build("Mine", {"use": Loyal}, TIERS, seed=0), Loyal)


def test_tiers_and_seed_reach_the_methods_that_take_them() -> None:
    method = build("Clusters", {"k": 4}, ("gold", "silver"), seed=7)
    assert isinstance(method, Clusters)
    assert (method.tiers, method.seed) == (("gold", "silver"), 7)
    assert build("Clusters", {"seed": 1}, TIERS, seed=7).seed == 1


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("RMF", {}, "methods: RMF: no method is called 'RMF'; did you mean 'RFM'"),
        ("Spend", {"use": "Abacus"}, "no method is called 'Abacus'; did you mean 'ABC'"),
        (
            "ABC",
            {"share_of_values": [0.8, 0.95]},
            "unknown option 'share_of_values'; did you mean 'share_of_value'",
        ),
        ("Mine", {"use": "no_such_package:Mine"}, "'no_such_package' cannot be imported"),
        ("Mine", {"use": "test_methods_own:Missing"}, "has no class 'Missing'"),
        ("Mine", {"use": "test_methods_own:Loyal", "wieght": 1}, "did you mean 'weight'"),
        ("Mine", {"use": 3}, "use: expected a class name"),
        ("Mine", {"use": "os:system"}, "'os' cannot be imported: there is no os.py beside the params file"),
        ("Mine", {"use": "builtins:exec"}, "'builtins' cannot be imported"),
        ("Mine", {"use": "sklearn.cluster:KMeans"}, "no installed package declares"),
        ("Mine", {"use": "../secrets:Mine"}, "cannot be imported"),
        ("Mine", {"use": "test_methods_own:build"}, "build is a function; a method is a class with fit"),
        ("Mine", {"use": "test_methods_own:np"}, "np is a module; a method is a class with fit"),
        ("Mine", {"use": "test_methods_own:Path"}, "Path is a class without fit"),
        ("Mine", {"use": "test_methods_own:Refusing"}, "SystemExit: 3"),
        ("Mine", {"use": Path}, "Path is a class without fit"),
    ],
)
def test_a_method_that_cannot_be_built_is_explained(name: str, options: dict, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        build(name, options, TIERS, seed=0, root=HERE)


def test_scores_without_a_rule_are_no_rule_file() -> None:
    with pytest.raises(ParameterError, match="fit the method again"):
        Rule.from_json('{"kind": "scored"}')
