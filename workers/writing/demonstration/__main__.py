"""`python -m workers.writing.demonstration PORT`: serves until it is ended."""

import sys

from workers.writing.demonstration.server import serve

serve(int(sys.argv[1]))
