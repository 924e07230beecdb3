"""The trainers: one file a family behind one small interface; numpy and scipy, no Django.

One BLAS thread, said before numpy is imported: the same data gives the same bytes.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
