"""From consented events, or files, to a model version: the glue around the trainers."""
