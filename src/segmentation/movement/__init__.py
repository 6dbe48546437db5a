"""Who changed tier since last month, was it the customer or the boundary, and what is it worth?

Every room here works on tiers, profiles and rules; none knows files or the ledger.
"""
