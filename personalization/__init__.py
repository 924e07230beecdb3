"""Fills the slots of a Django site for each visitor."""
