"""`python -m spmigrate` and the `spmigrate` command."""

import os
import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # pydantic would look for plugins in every installed package, which takes as long as many a command's own work.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A service manager that stops a command means what Ctrl-C means: end in order, with exit code 130.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from spmigrate.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
