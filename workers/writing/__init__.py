"""The writer: an order becomes a call to a model, the answer drafts; openai is imported late."""
