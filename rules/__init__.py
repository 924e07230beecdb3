"""The decision: pure functions over frozen values. Standard library only."""

from rules.buckets import assign, bucket_ranges, choose, in_namespace
from rules.compiler import compile
from rules.conditions import Condition, fields_read, parse, segments_read, to_tree
from rules.describe import describe
from rules.explain import Explanation, explain
from rules.fields import BUILT_IN, Catalogue, Invalid
from rules.sql import ListColumn, to_sql
from rules.values import version_key

__all__ = [
    "BUILT_IN",
    "Catalogue",
    "Condition",
    "Explanation",
    "Invalid",
    "ListColumn",
    "assign",
    "bucket_ranges",
    "choose",
    "compile",
    "describe",
    "explain",
    "fields_read",
    "in_namespace",
    "parse",
    "segments_read",
    "to_sql",
    "to_tree",
    "version_key",
]
