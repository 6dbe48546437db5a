"""Do the methods agree, do they hold still, and whom would they have been right about?

Every room here works on frames and on the methods' contract; none knows files or the ledger.
"""
