"""The part of the catalogue of columns that tells of the tables beside the orders: attributes, baskets, credit."""

from segmentation.words.column import Column

# fmt: off
BESIDE: dict[str, Column] = {
    "customer_name": Column("Customer name", "text", "What the customer is called, by the table of customers."),
    "product_group": Column("Product group", "text", "The group of products that it belongs to."),
    # attributes of customers
    "attribute": Column("Attribute", "word", "A trait of customers, by the table of customers."),
    "trait": Column("Group", "text", "A value of the attribute; – is not said, … several rare ones together."),
    "share_best": Column("Share in the best tier", "share", "Of these customers, the share in the best tier.", "high"),
    "lift": Column("Against all", "number", "The share, divided by that of all customers in the table."),
    "by_lot": Column("By lot", "number", "How likely a difference at least as large is among customers drawn by lot."),
    "q": Column("False discovery rate", "number", "The share of false ones among all differences at least as clear."),
    "tells": Column("Tells them apart", "word", "Whether it differs by more than chance."),
    "values": Column("Values", "integer", "Different values of the attribute."),
    "known": Column("Known", "integer", "Customers of whom it is said."),
    "association": Column("Association (Cramér's V)", "number", "0: it has nothing to do with the tiers; 1: it gives them.", "high"),
    "changed_value": Column("Changed in 3 months", "share", "Of those known three months ago, the share whose value is another now."),
    # baskets
    "baskets": Column("Orders with it", "integer", "Orders that hold something of this group."),
    "support": Column("Share of orders", "share", "Share of all orders of the window that hold it, or both."),
    "ratio": Column("As it stands", "number", "The share of key customers' orders that hold it, divided by the others' share."),
    "ratio_adjusted": Column("Times the others", "number", "The same among orders of the same number of groups (Mantel–Haenszel)."),
    "ratio_from": Column("Times, 95% from", "number", "Lower end of the 95% interval, between customers."),
    "ratio_to": Column("Times, 95% to", "number", "Upper end of the 95% interval, between customers."),
    "also": Column("Together with", "text", "The group of products that lies in the order too."),
    "confidence": Column("Of these, with it", "share", "Share of the orders with the first group that hold the second."),
    "pair_lift": Column("Lift", "number", "How many times as often as if the two had nothing to do with each other."),
    "lift_top": Column("Lift, key customers", "number", "The same within the orders of the best tier."),
    "lift_others": Column("Lift, others", "number", "The same within the orders of the others."),
    "differs": Column("Differs", "word", "Whether the two lifts differ by a quarter at least, and by more than chance."),
    # payments
    "invoice_id": Column("Invoice", "text", "The invoice's number."),
    "credit_grade": Column("Credit grade", "word", "AA, A, B or C by how often and how long the customer paid late; no grade with few invoices."),
    "grade_before": Column("Grade last month", "word", "The credit grade a month before."),
    "invoices": Column("Decided invoices", "integer", "Invoices of the window that are paid, or due already."),
    "late_share": Column("Paid late", "share", "Share of the decided invoices that were paid, or still are, after their day.", "low"),
    "worst_days": Column("Longest delay", "days", "The most days that an invoice of the window was late so far.", "low"),
    "overdue": Column("Overdue", "money", "What is open after its day.", "low"),
    "disputed_share": Column("Disputed", "share", "Share of the decided invoices that the customer disputed.", "low"),
    "advice": Column("What may be done", "word", "Advice for a person; nothing sets terms by itself."),
    "open": Column("Open invoices", "integer", "Invoices not yet paid in full."),
    "receivables": Column("Owed", "money", "What is open of all invoices.", "low"),
    "dso": Column("Days of sales owed", "number", "DSO: what is owed, divided by the sales of 90 days, times 90.", "low"),
    "best_dso": Column("At best", "number", "The same of what is not yet due.", "low"),
    "days_delinquent": Column("Days late", "number", "Days of sales owed, less those at best.", "low"),
    "countback": Column("Counted back", "number", "Days of whole months' sales that are owed, the newest first.", "low"),
    "collection": Column("Collected", "share", "Of what could be collected in 90 days, the share that was (CEI).", "high"),
    "graded_at": Column("Graded at the end of", "text", "The month at whose end the customers were graded."),
    "money_late": Column("Money paid late", "share", "Share of these invoices' money that was late.", "low"),
    "auc": Column("Ranking (AUC)", "number", "How well the grade's share ranks invoices: .5 is by lot, 1 never wrong.", "high"),
}
# fmt: on
