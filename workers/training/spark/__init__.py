"""The same families learnt by Apache Spark, for logs that are larger than a machine's memory.

Only arrays over items come to this process. Sums are of whole numbers, so that the order in which
Spark adds them up changes nothing.
"""
