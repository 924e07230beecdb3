"""The demo: invented visitors, what editors would have set up, and everything started at once."""
