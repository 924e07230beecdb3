"""Models and suggestions. One BLAS thread: two made a product 50,000 x 64 nine times slower.

It must be said before numpy is imported, which this room does at the first suggestion.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
