"""Who comes back, and how often: the BG/NBD model in closed form, and the NBD where nobody drops out."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from segmentation.errors import DataError

Floats = NDArray[np.float64]

_LEARN_FROM_AT_MOST = 50_000
_TRY_ON = 3_000
# r, alpha (in mean ages), a, b: one start alone goes astray on real data
_STARTS = ((1.0, 0.5, 1.0, 3.0), (0.3, 0.2, 0.5, 0.5), (1.5, 1.0, 0.1, 1.0), (0.5, 0.3, 1.0, 20.0))
_BOUNDS = [(-6.0, 6.0), (-9.0, 7.0), (-9.0, 6.0), (-7.0, 9.0)]
_NO_GAIN = 1e-3  # of log likelihood


class BgNbd(NamedTuple):
    """Order rates are Gamma(`r`, `alpha`); after each order a customer leaves with a chance from Beta(a, b).

    `a` is 0 where nobody leaves: the model is then the NBD. `alpha` has the time unit of the customers.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @classmethod
    def fit(cls, repeats: Floats, recency: Floats, age: Floats) -> Self:
        """Fit to customers' repeat orders x, time of the last one t_x and age T, all in one time unit.

        By maximum likelihood (Fader, Hardie & Lee 2005, "Counting your customers the easy way", equation 6)
        from several starts; on at most 50,000 customers, every n-th in the order of their figures. Where a
        drop-out does not raise the likelihood, the limit without one is taken.

        Raises DataError where nobody ordered twice.
        """
        if not (repeats > 0).any():
            raise DataError("no customer has ordered on two days, so no rate can be learned")
        rank = np.lexsort((age, recency, repeats))[:: -(-len(repeats) // _LEARN_FROM_AT_MOST)]
        unit = float(age.mean()) or 1.0
        customers = _Customers(repeats[rank], recency[rank] / unit, age[rank] / unit)
        few = customers.every(-(-len(rank) // _TRY_ON))
        tried = [few.best(np.log(start), 1e-8) for start in _STARTS]
        found, surprise = customers.best(min(tried, key=lambda one: one[1])[0], 1e-13)
        r, alpha, a, b = np.exp(found)
        held, without = customers.best(found[:2], 1e-13)
        if (without - surprise) * len(rank) < _NO_GAIN:
            (r, alpha), a, b, surprise = np.exp(held), 0.0, 1.0, without
        likelihood = -(surprise * len(rank)) - float(repeats[rank].sum()) * np.log(unit)
        return cls(float(r), float(alpha) * unit, float(a), float(b), float(likelihood))

    def alive(self, repeats: Floats, recency: Floats, age: Floats) -> Floats:
        """P(the customer has not left | x, t_x, T); 1 for who ordered once, as only orders make one leave."""
        odds = self.a / (self.b + np.maximum(repeats, 1.0) - 1.0)
        log_odds = (self.r + repeats) * np.log((self.alpha + age) / (self.alpha + np.minimum(recency, age)))
        return np.where(repeats > 0, 1.0 / (1.0 + odds * np.exp(np.minimum(log_odds, 700.0))), 1.0)

    def silent(self, ahead: float, repeats: Floats, recency: Floats, age: Floats) -> Floats:
        """P(no order in the next `ahead` units | x, t_x, T): has left, or stays and does not order.

        Who ordered once has not left by this model, and is silent by a low rate alone; `alive` says 1 of them.
        """
        none = ((self.alpha + age) / (self.alpha + age + ahead)) ** (self.r + repeats)
        return 1.0 - self.alive(repeats, recency, age) * (1.0 - none)

    def expected_orders(self, ahead: float, repeats: Floats, recency: Floats, age: Floats) -> Floats:
        """E[Y(t) | x, t_x, T]: the orders expected in the next `ahead` units (equation 10).

        In the limit a → 0, and where a or a + b is so near to 1 that it cancels, limits are taken.
        """
        from scipy.special import hyp2f1

        shape, rate = self.r + repeats, self.alpha + age
        if self.a == 0.0:
            return shape / rate * ahead
        a = self.a + 1e-5 if abs(self.a - 1.0) < 1e-5 else self.a
        total = a + self.b + repeats - 1.0
        total = np.where(np.abs(total) < 1e-6, 1e-6, total)
        lost = (rate / (rate + ahead)) ** shape
        series = hyp2f1(shape, self.b + repeats, total, ahead / (rate + ahead))
        orders = total / (a - 1.0) * (1.0 - lost * series)
        return orders * self.alive(repeats, recency, age)


class _Customers(NamedTuple):
    """What the likelihood needs, with everything that depends on the number of orders computed once."""

    repeats: Floats
    recency: Floats
    age: Floats

    def every(self, step: int) -> "_Customers":
        return _Customers(*(column[::step] for column in self))

    def best(self, start: Sequence[float] | Floats, ftol: float) -> tuple[Floats, float]:
        """The logarithms of the parameters with the least surprise (mean of −log likelihood), and it.

        Two parameters (r, alpha) are the model in which nobody leaves, four (a, b besides) the one with it.
        """
        from scipy.optimize import minimize
        from scipy.special import betaln, gammaln, psi

        x, place = np.unique(self.repeats, return_inverse=True)
        recency, age, several = np.minimum(self.recency, self.age), self.age, self.repeats > 0

        def surprise(theta: Floats) -> tuple[float, Floats]:
            r, alpha = np.exp(theta[:2])
            each = (gammaln(r + x) - gammaln(r) + r * np.log(alpha))[place]
            since_last, since_first = np.log(alpha + recency), np.log(alpha + age)
            stays = -(r + self.repeats) * since_first
            slope = [(psi(r + x) - psi(r) + np.log(alpha))[place].mean(), r / alpha]
            if len(theta) == 2:
                each, left = each + stays, np.zeros(len(age))
            else:
                a, b = np.exp(theta[2:])
                before = b + np.maximum(x, 1.0) - 1.0
                leaves = (np.log(a) - np.log(before))[place] - (r + self.repeats) * since_last
                either = np.where(several, np.logaddexp(stays, leaves), stays)
                each = each + (betaln(a, b + x) - betaln(a, b))[place] + either
                left = np.where(several, np.exp(np.minimum(leaves - either, 0.0)), 0.0)
                kept = psi(a + b) - psi(a + b + x)
                slope += [kept[place].mean() + left.mean() / a]
                slope += [(kept + psi(b + x) - psi(b))[place].mean() - (left / before[place]).mean()]
            slope[0] -= (since_first + left * (since_last - since_first)).mean()
            rate = (1.0 - left) / (alpha + age) + left / (alpha + recency)
            slope[1] -= ((r + self.repeats) * rate).mean()
            return float(-each.mean()), -np.array(slope) * np.exp(theta)

        bounds = _BOUNDS[: len(start)]
        options = {"ftol": ftol, "gtol": 1e-9, "maxiter": 500}
        fit = minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        return np.asarray(fit.x), float(fit.fun)
