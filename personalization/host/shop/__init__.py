"""The demo shop: a small website as any other, with slots on its pages."""
