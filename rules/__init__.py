"""The decision: pure functions over frozen values. Standard library only."""

from rules.analysis import Analysis, analyse
from rules.buckets import assign, bucket_ranges, choose, in_namespace
from rules.compiler import compile
from rules.conditions import Condition, fields_read, parse, segments_read
from rules.describe import describe
from rules.engine import decide
from rules.explain import Explanation, explain
from rules.fields import BUILT_IN, Catalogue
from rules.invalid import Invalid
from rules.jsonlogic import from_jsonlogic, to_jsonlogic
from rules.normal import same_as
from rules.printing import to_tree
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose, Purposes
from rules.recommendations import suggest
from rules.sql import to_sql
from rules.sql_columns import ListColumn, RowColumn
from rules.types import STRANGER, Decision, Learned, Release, Request, Visitor
from rules.values import number_key, version_key

__all__ = [
    "ALL_PURPOSES",
    "BUILT_IN",
    "NONE_GRANTED",
    "STRANGER",
    "Analysis",
    "Catalogue",
    "Condition",
    "Decision",
    "Explanation",
    "Invalid",
    "Learned",
    "ListColumn",
    "Purpose",
    "Purposes",
    "Release",
    "Request",
    "RowColumn",
    "Visitor",
    "analyse",
    "assign",
    "bucket_ranges",
    "choose",
    "compile",
    "decide",
    "describe",
    "explain",
    "fields_read",
    "from_jsonlogic",
    "in_namespace",
    "number_key",
    "parse",
    "same_as",
    "segments_read",
    "suggest",
    "to_jsonlogic",
    "to_sql",
    "to_tree",
    "version_key",
]
