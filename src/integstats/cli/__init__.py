"""The command line: one line for every error, and an exit code for every cause."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence

from integstats.cli.arguments import parser
from integstats.errors import IntegstatsError, IntegstatsWarning

DONE = 0
WARNED = 9
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 done, 2 usage or unknown name, 3 snapshot missing, 4 source unavailable, 5 source changed,
    6 schema or checksum, 7 incomparable or target, 8 output not writable, 9 warnings under
    ``--strict``, 10 nothing new, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = parser().parse_args(argv)
    if not hasattr(options, "run"):
        parser().print_help()
        return DONE
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", IntegstatsWarning)
        try:
            code = int(options.run(options))
        except IntegstatsError as error:
            code = error.exit_code
            print(f"integstats: {_line(error)}", file=sys.stderr)
        except KeyboardInterrupt:
            code = INTERRUPTED
            print("integstats: interrupted; what was finished is kept.", file=sys.stderr)
        except BrokenPipeError:
            sys.stderr.close()
            return DONE
        except OSError as error:
            code = 8
            what = error.filename or "a file"
            print(
                f"integstats: Cannot read or write {what}: {error.strerror or error}.",
                file=sys.stderr,
            )
    doubts = [one for one in caught if issubclass(one.category, IntegstatsWarning)]
    for text in dict.fromkeys(_line(one.message) for one in doubts):
        if not options.quiet:
            print(f"integstats: warning: {text}", file=sys.stderr)
    if doubts and options.strict and code == DONE:
        return WARNED
    return code


def _line(message: object) -> str:
    return " ".join(str(message).split())
