"""Clusters: groups of similar customers by k-means, ordered into tiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from segmentation.errors import ParameterError
from segmentation.methods.checks import checked_customers, checked_shares, checked_tiers
from segmentation.methods.contract import DEFAULT_SHARES, DEFAULT_TIERS, Method, with_counts
from segmentation.methods.features import LARGEST_SAMPLE, Sample, take_sample
from segmentation.methods.kmeans import FEW_STARTS, STARTS, one_thread, optima
from segmentation.methods.naming import carried_names, cluster_names, usual_hiatus
from segmentation.methods.ordering import Ordered, best_first, tiers_by_share
from segmentation.methods.selection import Selection, choose, with_evidence
from segmentation.methods.tree import shallow_tree
from segmentation.rules import CentresRule, Cluster, Feature, Remark
from segmentation.words.reader import Sentence, sentence

DEFAULT_COLUMNS = ("recency_days", "frequency", "monetary")


@dataclass(eq=False, repr=False)
class Clusters(Method):
    """k-means on scaled features; clusters are ordered by mean spend and mapped to tiers.

    Parameters:
        columns: the profile columns; each becomes log1p(x / median of positive x), standardised.
        k: the number of clusters; None chooses among `candidates`, by stability and balance first.
        candidates: the numbers of clusters to try.
        log: False leaves out the logarithm (raw money yields one-customer clusters: see docs/methods.md).
        cluster_tiers: a tier for each cluster, best first; by default they follow `share_of_customers`.
        share_of_customers: cumulative shares of customers that the better tiers should come near to.
        seed: of the k-means starts and of the bootstrap.
        tiers: names, best first.

    After `fit`: `rule_`; `selection_`, the evidence for k (see `Selection`); `inertia_`, the sum of squared
    distances in the sample.
    """

    _with_evidence = True
    _before: CentresRule | None = None

    columns: Sequence[str] = DEFAULT_COLUMNS
    k: int | None = None
    candidates: Sequence[int] = (3, 4, 5, 6, 7, 8)
    log: bool = True
    cluster_tiers: Sequence[str] | None = None
    share_of_customers: Sequence[float] = DEFAULT_SHARES
    seed: int = 0
    tiers: Sequence[str] = DEFAULT_TIERS

    def fit(self, profile: pd.DataFrame) -> Self:
        """Learn scaling and centres, on a sample above 50,000 customers."""
        profile = checked_customers(profile)
        tiers = checked_tiers(self.tiers)
        shares = checked_shares(self.share_of_customers, tiers, "Clusters: share_of_customers")
        self._check_options()
        sample = take_sample(profile, tuple(self.columns), self.log)
        wanted = [self.k] if self.k is not None else sorted({int(k) for k in self.candidates})
        possible = [k for k in wanted if k <= sample.distinct] or [min(sample.distinct, wanted[0])]
        with one_thread():
            before = None if self._before is None else len(self._before.clusters)
            table = choose(sample.rows, possible, self.seed, before) if len(possible) > 1 else None
            k = possible[0] if table is None else int(table.loc[table["chosen"], "k"].iloc[0])
            ends = optima(sample.rows, k, self.seed, STARTS if self._with_evidence else FEW_STARTS)
            ordered = best_first(profile, sample.features, ends[0].centres)
            ends[0] = ends[0]._replace(centres=ordered.centres)
            if self._with_evidence:
                self.selection_: Selection = with_evidence(table, sample.rows, ends, self.seed)
        self.inertia_: float = ends[0].inertia
        self.rule_ = self._rule(profile, sample, ordered, tiers, shares)
        return self

    def holding(self, rule: CentresRule) -> "Clusters":
        """The same method with the number of clusters of a rule it learned, for many quick refits.

        These have no `selection_`, and their rules no tree.
        """
        return _Refitted(**{**self.get_params(), "k": len(rule.clusters)})

    def carrying(self, rule: CentresRule) -> "Clusters":
        """The same method, which keeps to the number and the names of the clusters of the month before.

        The number stays unless another one is clearly more stable (see `choose`), the names go to the nearest
        centres.
        """
        carrying = type(self)(**self.get_params())
        carrying._before = rule
        return carrying

    def _rule(
        self,
        profile: pd.DataFrame,
        sample: Sample,
        found: Ordered,
        tiers: tuple[str, ...],
        shares: tuple[float, ...],
    ) -> CentresRule:
        if self.cluster_tiers is None:
            names_of_tiers = tiers_by_share(found.sizes, shares, tiers)
        else:
            names_of_tiers = self._given_tiers(len(found.sizes), tiers)
        hiatus = usual_hiatus(profile.attrs.get("window_months"))
        names = self._names(sample.features, found.centres, hiatus)
        clusters = tuple(
            Cluster(name=name, tier=tier, centre=tuple(float(x) for x in centre))
            for name, tier, centre in zip(names, names_of_tiers, found.centres)
        )
        rule = CentresRule(
            **self._provenance(profile, tiers, self._remarks(profile, sample, len(clusters))),
            features=sample.features,
            clusters=clusters,
        )
        if not self._with_evidence:
            return rule
        remark = Remark.of(shallow_tree(rule, profile).said(rule))
        return with_counts(rule.model_copy(update={"remarks": (*rule.remarks, remark)}), profile)

    def _names(self, features: tuple[Feature, ...], centres: np.ndarray, hiatus: int) -> list[str]:
        """The clusters' names: those of the nearest clusters of the month before, where these are known."""
        own, before = cluster_names(features, centres, hiatus), self._before
        if before is None or [f.column for f in before.features] != [f.column for f in features]:
            return own
        values = [
            [was.value(x) for was, x in zip(before.features, cluster.centre)] for cluster in before.clusters
        ]
        old = np.column_stack([f.scaled(column) for f, column in zip(features, np.array(values).T)])
        distances = ((centres[:, None, :] - old[None, :, :]) ** 2).sum(axis=2)
        return carried_names([cluster.name for cluster in before.clusters], distances, own)

    def _remarks(self, profile: pd.DataFrame, sample: Sample, k: int) -> list[Sentence]:
        remarks = []
        if len(profile) > LARGEST_SAMPLE:
            remarks.append(
                sentence(
                    "Fitted on {n} of {all} customers: one in {step}, in the order of the features.",
                    n=len(sample.rows),
                    all=len(profile),
                    step=sample.step,
                )
            )
        if self.k is not None and k < self.k:
            remarks.append(
                sentence(
                    "{asked} clusters were asked for, but there {n:is|are} only {n} different "
                    "{n:customer|customers}.",
                    asked=self.k,
                    n=k,
                )
            )
        return remarks

    def _given_tiers(self, k: int, tiers: tuple[str, ...]) -> list[str]:
        given = list(self.cluster_tiers or ())
        if len(given) != k:
            raise ParameterError(
                f"Clusters: cluster_tiers: {k} clusters need {k} tiers, best first, not {given}"
            )
        wrong = [tier for tier in given if tier not in tiers]
        if wrong:
            raise ParameterError(f"Clusters: cluster_tiers: {wrong[0]!r} is not one of {', '.join(tiers)}")
        if [tiers.index(tier) for tier in given] != sorted(tiers.index(tier) for tier in given):
            raise ParameterError(f"Clusters: cluster_tiers: expected the best tier first, not {given}")
        return given

    def _check_options(self) -> None:
        if isinstance(self.columns, str) or not list(self.columns):
            raise ParameterError(f"Clusters: columns: expected a list of columns, not {self.columns!r}")
        if len(set(self.columns)) < len(list(self.columns)):
            raise ParameterError(f"Clusters: columns: a column is named twice in {list(self.columns)}")
        ks: list[Any] = [self.k] if self.k is not None else list(self.candidates)
        if not ks or not all(type(k) is int and 2 <= k <= 50 for k in ks):
            option = "k" if self.k is not None else "candidates"
            raise ParameterError(f"Clusters: {option}: expected whole numbers from 2 to 50, not {ks}")


class _Refitted(Clusters):
    """Clusters without the evidence, which takes most of the time."""

    _with_evidence = False
