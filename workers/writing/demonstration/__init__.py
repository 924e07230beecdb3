"""A writer for demonstrations: no model, a few templates behind the protocol that models speak."""
