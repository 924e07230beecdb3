"""System checks: what `manage.py check` tells an operator about this installation."""
