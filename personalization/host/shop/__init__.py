"""The demo shop: a small site that uses the product as any other site would."""
