"""The one catalogue of columns: how every column that is shown or published is called, written and meant."""

from typing import Literal, NamedTuple


class Column(NamedTuple):
    """A column of a frame.

    heading: what stands above it. format: how its values are written, see `formats`, or "word" (a word of
    the catalogue) and "words" (several, separated by ", "); empty: by the type of the values. meaning: one
    sentence. better: whether high or low values are better for ranking customers or methods, or neither.
    """

    heading: str
    format: str = ""
    meaning: str = ""
    better: Literal["high", "low", ""] = ""


# fmt: off
COLUMNS: dict[str, Column] = {
    # customers
    "customer_id": Column("Customer", "text", "Who it is, by the id in the orders."),
    "account_manager": Column("Account manager", "text", "Who looks after the customer, as last known at the month's end."),
    "branch": Column("Branch", "text", "The branch that looks after the customer, as last known at the month's end."),
    "parent_account": Column("Parent account", "text", "The account that this one belongs to, the latest one known."),
    "recency_days": Column("Days since last order", "days", "Days from the last order to the end of the month; 0 is an order on that day.", "low"),
    "frequency": Column("Orders", "integer", "Orders in the window; an order is its lines with the same customer and order id.", "high"),
    "order_days": Column("Days with an order", "integer", "Days in the window on which the customer ordered.", "high"),
    "monetary": Column("Spend", "money", "Net sum of the window: returns are taken off.", "high"),
    "profit": Column("Profit", "money", "Profit of the window, where the orders give it.", "high"),
    "returns": Column("Returns", "integer", "Returns and cancellations in the window, counted by lines.", "low"),
    "average_order": Column("Average order", "money", "Spend of the window divided by its orders.", "high"),
    "monthly_mean": Column("Monthly average", "money", "Spend divided by the months since the first order, at most the window.", "high"),
    "first_order": Column("First order", "date", "Day of the first order ever known."),
    "last_order": Column("Last order", "date", "Day of the last order up to the month's end."),
    "tenure_days": Column("Days as a customer", "days", "Days from the first order to the end of the month.", "high"),
    "active_months": Column("Active months", "integer", "Months of the window with an order.", "high"),
    "mean_gap_days": Column("Days between orders", "days", "Mean days from one order to the next; empty after a single order.", "low"),
    "recent": Column("Last 3 months", "money", "Spend of the last three months.", "high"),
    "previous": Column("3 months before", "money", "Spend of the three months before the last three.", "high"),
    "growth": Column("Growth", "share", "Spend of the last three months against the three before; empty where there was none.", "high"),
    # lines
    "order_id": Column("Order number", "text", "The order that the line belongs to."),
    "ordered_at": Column("Ordered on", "date", "When it was ordered."),
    "date": Column("Date", "date", "When it was ordered."),
    "quantity": Column("Quantity", "number", "Pieces ordered.", "high"),
    "price": Column("Price", "number", "Price of a piece."),
    "product": Column("Product", "text", "What was bought."),
    "order_status": Column("Order status", "text", "How the order stands, as the source says."),
    "cancelled": Column("Cancelled", "text", "Whether or when the order was cancelled."),
    "refunded": Column("Refunded", "text", "How much was refunded, or whether or when."),
    "paid": Column("Paid", "text", "How much was paid, or whether or when."),
    "currency": Column("Currency", "text", "Currency of the amount."),
    "goods_cost": Column("Cost of goods", "money", "What the goods cost.", "low"),
    "file": Column("File", "text", "The file that the row stands in."),
    "row": Column("Row", "integer", "The row's number in its file, as a spreadsheet counts."),
    "row_number": Column("Row", "integer", "The row's number in its file, as a spreadsheet counts."),
    "lines": Column("Lines", "integer", "Lines of orders."),
    "months": Column("Months", "integer", "Months that the order lies in."),
    "raw_date": Column("Date as written", "text", "The date as it stands in the source."),
    "raw_amount": Column("Amount as written", "text", "The amount as it stands in the source."),
    "raw_line": Column("Line as written", "text", "The row as it stands in the source."),
    "amount": Column("Amount", "exact", "Money of these lines, to the last minor unit."),
    "first_day": Column("First day", "date", "The first day of the order's lines."),
    "last_day": Column("Last day", "date", "The last day of the order's lines."),
    "reason": Column("Reason", "word", "Why the line is not used."),
    "rule": Column("Rule", "word", "What was looked for in the lines."),
    "effect": Column("Effect", "word", "What became of the lines that it found."),
    "rows": Column("Rows", "integer", "Rows of the source."),
    "orders": Column("Orders", "integer", "Orders among these lines."),
    "taken_for": Column("Taken for", "word", "What the column is used as."),
    "column": Column("Column of the source", "text", "The column's own heading."),
    "key": Column("Key under orders.columns", "text", "The parameter that names this column."),
    "amount_before": Column("Amount before", "money", "Money of the month as it stood."),
    "amount_after": Column("Amount after", "money", "Money of the month now."),
    "gate": Column("Gate", "word", "What is checked before anything is published."),
    "found": Column("Found", "word", "What was found."),
    "level": Column("Verdict", "word", "Whether it passes, warns or stops the run."),
    "warn": Column("Warns from", "number", "From this figure on there is a warning."),
    "stop": Column("Stops from", "number", "From this figure on nothing is published."),
    "figure": Column("Figure", "word", "What was looked at."),
    "measured": Column("Measured", "number", "A number of customers, else a share of 1."),
    "speaks": Column("Speaks", "word", "Whether it speaks for tiers, against them, or neither."),
    # rules
    "score": Column("Score", "number", "A number that ranks customers; higher is better.", "high"),
    "tier": Column("Tier", "tier", "The tier, best first."),
    "segment": Column("Segment", "word", "The named group that the method puts the customer in."),
    "label": Column("Name", "word", "What the tier is called."),
    "cluster": Column("Cluster", "word", "A group of similar customers."),
    "method": Column("Method", "word", "How the rule was learned."),
    "dimension": Column("Dimension", "word", "Recency, frequency or money."),
    "points": Column("Score (best first)", "integer", "The score on this dimension, best first.", "high"),
    "from_value": Column("From", "number", "The lowest value with this score."),
    "to_value": Column("To", "number", "The highest value with this score."),
    "k": Column("Number of clusters", "integer", "Number of clusters tried."),
    "least_stable": Column("Least stable cluster", "share", "How much of the least stable cluster comes back when the customers are drawn anew.", "high"),
    "smallest_share": Column("Smallest cluster", "share", "Share of customers in the smallest cluster."),
    "silhouette": Column("Silhouette", "number", "How much nearer customers are to their own cluster than to the next one; 1 is clearly apart.", "high"),
    "inertia": Column("Inertia", "number", "Sum of squared distances to the nearest centre.", "low"),
    "shape": Column("Way", "word", "Another way of clustering."),
    "adjusted_rand": Column("Adjusted Rand index", "number", "1: the same groups; 0: as alike as by chance.", "high"),
    "adjusted_mutual_information": Column("Adjusted mutual information", "number", "1: the same groups; 0: as alike as by chance.", "high"),
    # sizes
    "customers": Column("Customers", "integer", "Number of customers."),
    "share_of_customers": Column("Share of customers", "share", "Of all customers of the month."),
    "value": Column("Value", "money", "What these customers spent in the window."),
    "share_of_value": Column("Share of value", "share", "Of what all customers spent in the window."),
    "later_value": Column("Later value", "money", "What customers spent in the hold-out.", "high"),
    "mean_value": Column("Value per customer", "money", "Value divided by customers."),
    "month": Column("Month", "text", "The month, at whose end everything is known."),
    # movement
    "before": Column("Before", "tier", "The state last month."),
    "after": Column("After", "tier", "The state this month."),
    "last_window": Column("Spend up to last month", "money", "What the customer spent in the window that ended last month.", "high"),
    "kind": Column("Move", "word", "Up, down, new, returned, dormant or unchanged."),
    "cause": Column("Because of", "word", "Whether the customer changed, or the boundary, both, or only time passed."),
    "within_noise": Column("Within noise", "word", "Whether the old tier still has a chance of one in four or more."),
    "noise": Column("Of these within noise", "integer", "Changes whose old tier still has a chance of one in four or more."),
    "share": Column("Share", "share", "Share of all of them."),
    "share_of_changes": Column("Share of changes", "share", "Of all changes of tier."),
    "chance": Column("Chance of the tier", "share", "How likely the customer is in this tier in another such window, or how steady in it.", "high"),
    "chance_before": Column("Chance of the tier before", "share", "How likely the old tier still is."),
    "chance_better": Column("Chance of a better tier", "share", "How likely a better tier is in another such window.", "high"),
    "chance_stay": Column("Chance of staying", "share", "How likely the tier is kept in another such window.", "high"),
    "next_tier": Column("Next tier", "tier", "The tier above."),
    "short_by": Column("Short by", "money", "Money that is missing to the next tier.", "low"),
    "to_win": Column("To be won", "money", "The chance of a better tier times what such a move is worth a month.", "high"),
    "money_at_risk": Column("Money at risk", "money", "What the last three months brought less than the three before.", "high"),
    "seen": Column("Seen before", "integer", "Earlier moves of the same kind."),
    "brought": Column("Movers brought", "money", "What earlier movers of the same kind brought a month afterwards.", "high"),
    "stayers_brought": Column("Those who stayed brought", "money", "What customers brought a month who kept the tier."),
    "total": Column("Worth a month", "money", "What the moves are worth, a month."),
    "total_low": Column("95% from, in money", "money", "Lower end of the 95% interval."),
    "total_high": Column("95% to, in money", "money", "Upper end of the 95% interval."),
    "same": Column("Same choice", "word", "Whether it chooses the same customers as the official method."),
    "without_largest": Column("Without the largest customer", "points", "The difference without the customer who brought most."),
    "holds": Column("Holds without", "word", "Whether it is clear without that customer too."),
    "reasons": Column("Why", "words", "What the customer is on the list for."),
    "net": Column("Net", "money", "Gains less losses."),
    "up": Column("Up", "integer", "Customers who moved to a better tier."),
    "down": Column("Down", "integer", "Customers who moved to a lower tier."),
    "stayed": Column("Unchanged", "integer", "Customers whose tier did not change."),
    "new": Column("New", "integer", "Customers who never ordered before."),
    "returned": Column("Returned", "integer", "Customers who were dormant and ordered again."),
    "dormant": Column("Dormant", "integer", "Customers who ordered before and not within the window."),
    "changed": Column("Changed tier", "integer", "Customers who changed tier, to come and to go included."),
    "share_changed": Column("Share that changed tier", "share", "Of the customers of either month, to come and to go included."),
    "share_moved": Column("Share that moved up or down", "share", "Of the customers in a tier in both months."),
    "reversed": Column("Back the month after", "integer", "Changes that were undone a month later."),
    "share_reversed": Column("Of these taken back", "share", "Of the changes, those undone a month later.", "low"),
    "refit": Column("Learned", "word", "How often the rule is learned anew."),
    "rules_learned": Column("Rules", "integer", "Rules learned over these months."),
    "changes_a_month": Column("Changes a month", "share", "Mean share of customers who change tier in a month.", "low"),
    "taken_back": Column("Of these taken back", "share", "Of the changes, those undone a month later.", "low"),
    "placed_otherwise": Column("Would be placed otherwise by a fresh rule", "share", "Customers whom a rule learned this month would put elsewhere.", "low"),
    "qualifying": Column("Months that must qualify", "integer", "So many months in a row must agree before a tier changes."),
    "delay": Column("Delay in months", "number", "Months by which a change comes later.", "low"),
    "withheld": Column("Changes that never come", "share", "Changes that were taken back before they came."),
    "not_as_at_once": Column("In another tier than at once", "share", "Customers in another tier than without waiting.", "low"),
    "next_month": Column("In the month after", "money", "What a customer of the tier brings in the month after, on average.", "high"),
    "stays": Column("Still there a month later", "share", "Customers of the tier who are in it a month later.", "high"),
    "future_value": Column("In the next three years, discounted", "money", "What a customer of the tier is expected to bring, discounted.", "high"),
    "worth": Column("Value", "money", "What the moves are expected to gain or lose."),
    # comparison
    "capacity": Column("Capacity", "text", "How many customers can get the best service: a share, or a number."),
    "chosen": Column("Chosen", "number", "How many customers were chosen."),
    "captured": Column("Later value captured", "share", "Share of all later value that the chosen customers brought.", "high"),
    "captured_of_oracle": Column("Of what was possible", "share", "Captured, against the best possible choice.", "high"),
    "missed": Column("Missed", "share", "Of those who mattered most afterwards, the share that was not chosen.", "low"),
    "wasted": Column("Wasted", "share", "Of the others, the share that was chosen.", "low"),
    "cost": Column("Cost of errors", "money", "What missing and waste cost, by the costs in the parameters.", "low"),
    "difference": Column("Difference to the official method", "points", "Share of this method less that of the official one.", "high"),
    "low": Column("95% from", "points", "Lower end of the 95% interval."),
    "high": Column("95% to", "points", "Upper end of the 95% interval."),
    "low_all": Column("95% from, all at once", "points", "Lower end of the interval that holds for all methods at once."),
    "high_all": Column("95% to, all at once", "points", "Upper end of the interval that holds for all methods at once."),
    "clear": Column("Clear", "word", "Whether the interval excludes zero."),
    "measure": Column("Measure", "word", "What is compared."),
    "origin": Column("Learned up to", "text", "The month end that the methods learned up to."),
    "origins": Column("Trials", "integer", "Past month ends that the mean is of."),
    "method_a": Column("Method", "word", "One method."),
    "method_b": Column("and method", "word", "The other method."),
    "share_same": Column("In the same tier", "share", "Customers whom both put in the same tier.", "high"),
    "share_top_common": Column("Of the best tier, in common", "share", "Customers whom both put in the best tier, of those whom either does.", "high"),
    "top_both": Column("Both put in the best tier", "integer", "Customers whom both put in the best tier."),
    "top_only_a": Column("Only the first method", "integer", "Customers whom only the first one does."),
    "top_only_b": Column("Only the second method", "integer", "Customers whom only the second one does."),
    "ari": Column("Adjusted Rand index", "number", "1: the same groups; 0: as alike as by chance.", "high"),
    "ami": Column("Adjusted mutual information", "number", "1: the same groups; 0: as alike as by chance.", "high"),
    "kappa": Column("Weighted kappa", "number", "1: always the same tier; 0: as by chance; a step apart counts less than two.", "high"),
    "whose": Column("In the best tier", "word", "For which methods these customers are in the best tier."),
    "jaccard": Column("Stability (mean Jaccard)", "number", "How much of the tier is the same when the rule is learned from customers drawn anew; 1 is all.", "high"),
    "stability": Column("Stability", "share", "Mean overlap with the clusters of customers drawn anew.", "high"),
    "verdict": Column("Verdict", "word", "What the stability means."),
    "choice": Column("Choice", "word", "What was set otherwise."),
    "base": Column("As set", "word", "Whether this is the choice of the parameters."),
    "window_months": Column("Window, months", "integer", "Months that a profile looks back on."),
    "top": Column("Customers in the best tier", "integer", "Customers in the best tier."),
    "kept": Column("Share of the best tier that stays in it", "share", "Of the best tier as set, those who are in it under this choice too.", "high"),
    "common": Column("In common", "share", "Overlap of the best tier with that of the choice as set.", "high"),
    "share_top": Column("Share of choices", "share", "Share of the choices under which the customer is in the best tier.", "high"),
    "sure": Column("Sure", "integer", "Customers whose tier is at least 90% likely."),
    "likely": Column("Likely", "integer", "Customers whose tier is 60 to 90% likely."),
    "coin_toss": Column("Coin toss", "integer", "Customers whose tier is 40 to 60% likely."),
    "doubtful": Column("Doubtful", "integer", "Customers whose tier is less than 40% likely."),
    "mean": Column("Mean chance of the tier", "share", "Mean of the customers' chances of their own tier.", "high"),
    # by hand
    "tier_by_hand": Column("By hand", "tier", "The tier that a person set."),
    "tier_by_rule": Column("By the rule", "tier", "The tier that the rule gives."),
    "who": Column("Who", "text", "Who set it."),
    "why": Column("Why it was set", "text", "Why it was set."),
    "until": Column("Until", "date", "The last day on which it counts."),
    "status": Column("Status", "word", "What became of it."),
    "top_value": Column("Spend of the best tier", "money", "What the customers of the best tier spent in the window.", "high"),
    "came": Column("New in the best tier", "integer", "Customers who came into the best tier since last month."),
    "left": Column("Left the best tier", "integer", "Customers who left the best tier since last month."),
    "slipping": Column("May slip", "integer", "Customers on the watch list."),
    "rising": Column("Rising", "integer", "Tomorrow's stars."),
}
# fmt: on
# the figures of a profile, on which methods compare customers
PROFILE_COLUMNS = (
    "recency_days",
    "frequency",
    "order_days",
    "monetary",
    "profit",
    "returns",
    "average_order",
    "monthly_mean",
    "tenure_days",
    "active_months",
    "mean_gap_days",
    "recent",
    "previous",
    "growth",
)
_BY_METHOD = ("tier", "score", "segment")


def column_of(name: str) -> Column:
    """What the catalogue says of a column; one that it does not know is called by its own name.

    >>> column_of("monetary").heading, column_of("assets").heading
    ('Spend', 'assets')
    """
    return COLUMNS.get(name) or Column(name)


def of_method(name: str) -> tuple[str, str]:
    """The method and the part of a column such as RFM_score; two empty texts for any other column.

    >>> of_method("RFM_score"), of_method("short_by")
    (('RFM', 'score'), ('', ''))
    """
    method, _, part = name.rpartition("_")
    return (method, part) if name not in COLUMNS and method and part in _BY_METHOD else ("", "")
