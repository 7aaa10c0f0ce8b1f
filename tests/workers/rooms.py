"""The worker rooms that this Python has."""

import sys

from crawler.settings import INTERPRETERS_SINCE
from crawler.workers.catalog import ROOMS

HERE = [name for name in ROOMS if name != "interpreters" or sys.version_info >= INTERPRETERS_SINCE]
