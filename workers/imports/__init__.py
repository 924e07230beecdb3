"""Files of items and events into the product: read, renamed, typed, handed over in batches."""
