"""Our speed and quality beside floors and peers, in one run.

One BLAS thread, as pages have it, said before numpy is imported.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
