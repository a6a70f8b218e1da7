"""How a run ends: the exit status, and one sentence where something went wrong. No traceback, unless asked for.

0 all is well · 1 ``check`` found errors · 2 the command was not understood · 3 the input could not be read · 4 the
output could not be written · 70 a fault in qdabridge itself · 130 stopped by the user · 141 nobody reads the output.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator

import click
from click.exceptions import Exit

from qdabridge.cli import streams
from qdabridge.errors import QdabridgeError

ERRORS_FOUND = 1
NOT_READ = 3
OUR_FAULT = 70
STOPPED = 130
NOBODY_READS = 141

DEBUG = "QDABRIDGE_DEBUG"
"""The environment variable that asks for tracebacks."""


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Turn every way in which a command can end into an exit status and at most one sentence.

    Raises:
        Exit: with the status, where it is not 0.
    """
    try:
        try:
            with _stopped_in_order():
                yield
        except (KeyboardInterrupt, click.Abort):
            # What a closed terminal cannot show is no fault.
            with contextlib.suppress(OSError):
                streams.finish()
            raise
        except BaseException:
            streams.finish()
            raise
        streams.finish()
    except (Exit, click.ClickException):
        raise
    except QdabridgeError as error:
        _debug(error)
        streams.complain(str(error))
        raise Exit(error.exit_status) from error
    except BrokenPipeError as error:
        _forget_output()
        raise Exit(NOBODY_READS) from error
    except (KeyboardInterrupt, click.Abort) as error:
        _say_stopped()
        raise Exit(STOPPED) from error
    except Exception as error:
        if _came_of_stopping(error):
            _say_stopped()
            raise Exit(STOPPED) from error
        _debug(error)
        streams.complain(
            f"Sorry, this is a fault in qdabridge and not in what you did ({_named(error)}). "
            f"Please report it with what is printed when you set {DEBUG}=1 and try again."
        )
        raise Exit(OUR_FAULT) from error


def _say_stopped() -> None:
    try:
        if streams.someone_is_there():
            # The cursor stands behind ^C, or behind a question.
            sys.stderr.write("\n")
        streams.complain("Stopped.")
    except OSError:
        _forget_output()


def _came_of_stopping(error: BaseException) -> bool:
    """Tell whether an error was met on the way out of a run that somebody stopped: a terminal may be gone, too."""
    before = error.__context__
    while before is not None and not isinstance(before, KeyboardInterrupt):
        before = before.__context__
    return before is not None


@contextlib.contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Have a closed window or a shutdown end a run as Ctrl-C does: what was half written is taken away."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Whoever has them ignored, as nohup does, wants the run to go on.
    known = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in known if signal.getsignal(number) == signal.SIG_DFL]

    def stop(*_: object) -> None:
        # A session that ends sends both, and nothing may disturb the tidying up.
        for each in taken:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in taken:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _debug(error: Exception) -> None:
    if os.environ.get(DEBUG):
        traceback.print_exception(error)


def _named(error: Exception) -> str:
    """Return the kind of an error and what it says, cut short: it may quote from somebody's file."""
    says = str(error)
    return f"{type(error).__name__}: {says[:200]}" if says else type(error).__name__


def _forget_output() -> None:
    """Point standard output at nothing, so that Python's own last flush does not fail once more."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
