"""Real processes, forked from one that has loaded Django and holds no connection and no index."""

import os
import sys
import traceback

import django
from django.db import connections


def begin():
    """Load Django. Nothing is opened yet."""
    django.setup()


def start(work, *arguments):
    """Do `work` in a process of its own and give its number. What it raises goes to stderr and makes it fail."""
    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(*arguments)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child):
    """How it ended: 0 if well, the negative signal if it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def do(work, *arguments):
    """Do `work` in a process of its own, to its end, which has to be a good one."""
    code = wait(start(work, *arguments))
    if code:
        raise SystemExit(f"{work.__name__} ended with {code}")
