"""Run the command line as ``python -m integstats.cli``."""

import sys

from integstats.cli import main

sys.exit(main())
