"""Run the command line as ``python -m integstats``."""

import sys

from integstats.cli import main

sys.exit(main())
