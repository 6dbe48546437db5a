"""Customers who come, stay and go: stages of life, the chance of an order, silence and return."""
