"""20,000 rows of a shop's export, made by a seed, against sums and tiers that are computed apart.

Orders of several items with the order's total on the first line only; refunds in part and in full,
cancellations, payments that never came, guests without an e-mail, and each e-mail in two spellings.
"""

import csv
import random
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from segmentation import ABC, profile, read_orders

ROWS = 20_000
HEADER = (
    *(
        "Name",
        "Email",
        "Financial Status",
        "Paid at",
        "Fulfillment Status",
        "Currency",
        "Subtotal",
        "Shipping",
    ),
    *("Taxes", "Total", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Cancelled at"),
    "Refunded Amount",
)


def make(path: Path) -> dict[str, int]:
    """Write the export; give each customer's net in cents, by the e-mail in lower case."""
    random.seed(10)
    kept: dict[str, int] = defaultdict(int)
    rows: list[dict[str, Any]] = []
    number = 1000
    while len(rows) < ROWS:
        number += 1
        who = f"c{int(random.paretovariate(0.9)) % 3000}@example.com"
        guest = random.random() < 0.05
        total = random.randint(500, 90_000)
        fate = random.choices(
            ["paid", "partially_refunded", "refunded", "voided", "pending", "cancelled"], [80, 8, 5, 3, 2, 2]
        )[0]
        refund = {"partially_refunded": random.randint(1, total - 1), "refunded": total}.get(fate, 0)
        day = (date(2025, 1, 1) + timedelta(days=random.randrange(365))).isoformat()
        order = {
            "Name": f"#{number}",
            "Email": "" if guest else who if random.random() < 0.5 else who.title(),
            "Financial Status": "paid" if fate == "cancelled" else fate,
            "Currency": "EUR",
            "Subtotal": f"{total / 100:.2f}",
            "Total": f"{total / 100:.2f}",
            "Created at": f"{day} 10:00:00 +0100",
            "Cancelled at": f"{day} 11:00:00 +0100" if fate == "cancelled" else "",
            "Refunded Amount": f"{refund / 100:.2f}",
            "Lineitem name": "Chair",
            "Lineitem quantity": "1",
            "Lineitem price": f"{total / 100:.2f}",
        }
        further = {key: order[key] for key in ("Name", "Email", "Created at", "Lineitem quantity")}
        rows.append(order)
        rows += [
            further | {"Lineitem name": f"Item {n}", "Lineitem price": "1.00"} for n in range(number % 3)
        ]
        if not guest and fate in ("paid", "partially_refunded", "pending"):
            kept[who] += total - refund
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return kept


def best(net: dict[str, int], share: Fraction) -> set[str]:
    """Who brings the share of the money, the largest first; equal customers together, with most of their value."""
    levels = sorted(set(net.values()), reverse=True)
    line, cumulated, chosen = share * sum(net.values()), 0, set()
    for level in levels:
        same = {who for who, cents in net.items() if cents == level}
        if len(same) > 1 and chosen and 2 * (line - cumulated) < level * len(same):
            break
        chosen |= same
        cumulated += level * len(same)
        if cumulated >= line:
            break
    return chosen


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, int]]:
    path = tmp_path_factory.mktemp("shop") / "orders_export.csv"
    return str(path), make(path)


def test_money_customers_and_key_customers_are_those_computed_apart(made: tuple[str, dict[str, int]]) -> None:
    path, net = made
    orders = read_orders(path, currency="EUR")
    found = profile(orders, as_of="2025-12")
    assert {row.customer_id: round(row.monetary * 100) for row in found.itertuples()} == net
    tiered = ABC().fit(found).rule_.apply(found)
    assert set(tiered.loc[tiered["tier"] == "A", "customer_id"]) == best(net, Fraction(8, 10))
    lines = orders.reconciliation().set_index("rule")
    assert lines["rows"]["lines in the source"] >= ROWS
    for rule in ("no customer", "cancelled", "status set aside", "refunded in full", "refunds taken off"):
        assert lines["rows"][rule] > 0
