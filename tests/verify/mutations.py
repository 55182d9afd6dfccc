"""Mistakes in scripts, as a careless hand or a careless change of ours makes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """In the script of a golden case, the first `right` becomes `wrong`."""

    what: str
    case: str
    right: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.case}: {self.what}"


NOTHING = ""

SCRIPTS = [
    # Calls and their arguments
    Mutation("another argument", "do", '"nginx"', '"apache"'),
    Mutation("a step is missing", "do", "    boot(server)\n", NOTHING),
    Mutation("a step twice", "do", "    boot(server)\n", "    boot(server)\n" * 2),
    Mutation(
        "two steps change places",
        "using",
        'execute(transaction, "CREATE")\n            execute(transaction, "COPY")',
        'execute(transaction, "COPY")\n            execute(transaction, "CREATE")',
    ),
    # Retries
    Mutation("an attempt less", "retry", "attempt == 3", "attempt == 2"),
    Mutation("the last error is lost", "retry", "attempt == 3", "attempt == 4"),
    Mutation("no end", "retry", "            break\n", NOTHING),
    Mutation(
        "another error is kept",
        "retry_on",
        "except ConnectionError as",
        "except OSError as",
    ),
    Mutation(
        "an error is not kept",
        "retry_on",
        "except (ConnectionError, TimeoutError) as",
        "except ConnectionError as",
    ),
    Mutation(
        "an exit is tried again",
        "retry",
        "except Exception as",
        "except BaseException as",
    ),
    Mutation(
        "another error is raised",
        "retry",
        "                raise\n",
        '                raise RuntimeError("gave up") from error\n',
    ),
    Mutation(
        "a copy of the error is raised",
        "retry",
        "                raise\n",
        "                raise type(error)(*error.args)\n",
    ),
    Mutation("another delay", "retry", "time.sleep(2)", "time.sleep(3)"),
    Mutation(
        "the delay grows a step ahead", "retry", "2 ** (attempt - 1)", "2 ** attempt"
    ),
    Mutation(
        "it sleeps after the last attempt",
        "retry",
        "            if attempt == 3:\n",
        "            time.sleep(1)\n            if attempt == 3:\n",
    ),
    Mutation(
        "a check the other way round",
        "retry",
        "not is_temporary(error)",
        "is_temporary(error)",
    ),
    Mutation("another range of jitter", "retry_backoff", "delay * 0.8", "delay * 0.9"),
    Mutation("the cap is another", "retry_backoff", "min(1.5, ", "min(2.5, "),
    # Errors
    Mutation(
        "best effort at everything",
        "ignore_error",
        "except QuotaError:",
        "except Exception:",
    ),
    Mutation(
        "an exit is ignored",
        "ignore_error",
        "except Exception:",
        "except BaseException:",
    ),
    Mutation(
        "the cleanup only if all is well",
        "ensure",
        '    finally:\n        turn_off(kitchen, "stove")',
        '    except ZeroDivisionError:\n        pass\n    turn_off(kitchen, "stove")',
    ),
    Mutation(
        "the cleanup is skipped",
        "ensure",
        '        turn_off(kitchen, "stove")',
        "        pass",
    ),
    Mutation(
        "an exit skips the cleanup",
        "ensure",
        '    finally:\n        turn_off(kitchen, "stove")',
        '    except Exception:\n        turn_off(kitchen, "stove")\n        raise\n'
        '    else:\n        turn_off(kitchen, "stove")',
    ),
    Mutation(
        "a handler for another type",
        "on_error_mapping",
        "except LockedError:",
        "except KeyError:",
    ),
    Mutation(
        "the handler raises after all",
        "on_error_mapping",
        "        wait(bucket)\n",
        "        wait(bucket)\n        raise\n",
    ),
    Mutation(
        "the exit is not its cause", "recover_panics", " from error", " from None"
    ),
    Mutation(
        "errors joined the wrong way round",
        "do_join_errors",
        'ExceptionGroup("steps failed", errors)',
        'ExceptionGroup("steps failed", errors[::-1])',
    ),
    Mutation(
        "only the first error is joined",
        "do_join_errors",
        '("steps failed", errors)',
        '("steps failed", errors[:1])',
    ),
    Mutation(
        "joined errors are forgotten",
        "do_join_errors",
        '    if errors:\n        raise ExceptionGroup("steps failed", errors)\n',
        NOTHING,
    ),
    Mutation("another name of a group", "do_join_errors", '"steps failed"', '"failed"'),
    # Loops
    Mutation(
        "a loop over a live list",
        "in_serial",
        "list(list_books(library))",
        "list_books(library)",
    ),
    Mutation(
        "the loop ends after its first item",
        "in_serial",
        '        buy(library, f"{book} II")',
        '        buy(library, f"{book} II")\n        break',
    ),
    Mutation("once more", "repeat", "range(3)", "range(4)"),
    Mutation(
        "while becomes if",
        "while",
        "    while not is_empty(queue):",
        "    if not is_empty(queue):",
    ),
    Mutation(
        "tests behind",
        "while",
        "    while is_locked(queue):\n        knock(queue)",
        "    while True:\n        knock(queue)\n        if not is_locked(queue): break",
    ),
    Mutation("another pause", "while", "time.sleep(0.05)", "time.sleep(0.5)"),
    # Conditions
    Mutation(
        "a condition the other way round",
        "when",
        "if not is_paid(parcel)",
        "if is_paid(parcel)",
    ),
    Mutation(
        "a condition is missing",
        "predicates",
        "is_open(door) or not is_locked(door)",
        "is_open(door)",
    ),
    Mutation(
        "asked in another order",
        "predicates",
        "is_open(door) or not is_locked(door)",
        "not is_locked(door) or is_open(door)",
    ),
    Mutation("a case for another value", "switch", 'case "small"', 'case "smaller"'),
    # Names
    Mutation("the note is missing", "named", 'error.add_note(f"in {name}")', "pass"),
    Mutation(
        "an exit is noted",
        "named",
        "except Exception as error:",
        "except BaseException as error:",
    ),
    Mutation("another name", "named", 'named("late fees")', 'named("late")'),
    Mutation(
        "the element is another",
        "collect",
        'f"element {index}"',
        'f"element {index + 1}"',
    ),
    Mutation(
        "steps are told other names",
        "names",
        "(*names_around.get(), name)",
        "(name,)",
    ),
    Mutation(
        "steps are told another time that is left",
        "remaining",
        "deadline - time.monotonic()",
        "deadline - 1 - time.monotonic()",
    ),
    # In parallel
    Mutation(
        "it waits for all",
        "in_parallel",
        "return_when=FIRST_EXCEPTION",
        'return_when="ALL_COMPLETED"',
    ),
    Mutation(
        "errors are dropped",
        "in_parallel",
        "            branch.result()",
        "            branch.exception()",
    ),
    Mutation(
        "what has not begun goes on",
        "in_parallel",
        "cancel_futures=True",
        "cancel_futures=False",
    ),
    Mutation("fewer at once", "in_parallel", "max_workers=3", "max_workers=1"),
    Mutation("more at once", "in_parallel_for_each", "max_workers=2", "max_workers=3"),
    Mutation(
        "a branch is missing",
        "in_parallel",
        '            pool.submit(open_zone, cluster, "a"),\n',
        NOTHING,
    ),
    Mutation(
        "the item is captured late",
        "in_parallel_for_each",
        "pool.submit(patch, fleet, server)",
        "pool.submit(lambda: patch(fleet, server))",
    ),
    Mutation(
        "joined in another order",
        "in_parallel_join_errors",
        "[error for branch in branches if",
        "[error for branch in reversed(branches) if",
    ),
    Mutation(
        "the last error is raised",
        "in_parallel",
        "    for branch in branches:\n",
        "    for branch in reversed(branches):\n",
    ),
    # Time limits
    Mutation(
        "best effort swallows the limit",
        "with_timeout_nested",
        "    except Exception as error:\n        if error in limit.raised:\n",
        "    except Exception as error:\n        if False:\n",
    ),
    Mutation(
        "another attempt behind the limit",
        "with_timeout_nested",
        "error in limit.raised or attempt == 3",
        "attempt == 3",
    ),
    Mutation(
        "a step begins behind the limit",
        "with_timeout_nested",
        "    limit.check()\n    restart(server)\n",
        "    restart(server)\n",
    ),
    Mutation(
        "the outer limit is forgotten",
        "with_timeout_nested",
        "min(limit, TimeLimit(30), key=lambda each: each.deadline)",
        "TimeLimit(30)",
    ),
    Mutation(
        "the limit is longer", "with_timeout_nested", "TimeLimit(60)", "TimeLimit(61)"
    ),
    Mutation(
        "it passes a moment later",
        "with_timeout_nested",
        "if time.monotonic() >= self.deadline",
        "if time.monotonic() > self.deadline",
    ),
    Mutation(
        "it sleeps past the limit",
        "with_timeout_nested",
        "time.sleep(max(0, min(seconds, self.deadline - time.monotonic())))",
        "time.sleep(seconds)",
    ),
    # Data and states
    Mutation(
        "another value goes on", "render", "keep(plant, line)", "keep(plant, lines)"
    ),
    Mutation(
        "on another state", "spawn", 'meet(team, "hall")', 'meet(company, "hall")'
    ),
    Mutation(
        "the resource is left too early",
        "using",
        "        # All or nothing.\n        with begin(connection)",
        "    # All or nothing.\n    if True:\n     with begin(connection)",
    ),
]
