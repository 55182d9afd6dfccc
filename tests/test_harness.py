"""The comparison of workflows with their scripts notices what is wrong with a script.

Each script here is an expected one with one mistake in it, such as a careless change of
the lowering would make. If one of them passes, tests/test_faults.py proves less.
"""

from __future__ import annotations

import pytest

from support.cases import GOLDEN
from support.comparing import assert_equal
from support.faultplans import situations
from support.worlds import opened

MISTAKES = [
    # The golden case, a piece of its script, and what stands there by mistake.
    ("do", 'install(server, "nginx")', 'install(server, "apache")'),
    ("do", "    boot(server)\n", ""),
    ("do", "    reload_services(server)\n", "    reload_services(server)\n" * 2),
    ("retry", "attempt == 4", "attempt == 3"),
    ("retry", "time.sleep(2)", "time.sleep(3)"),
    ("retry", "0.5 * 2 ** (attempt - 1)", "0.5 * 2 ** attempt"),
    ("retry", "            if attempt == 3:\n                raise\n", ""),
    ("retry", "if not is_temporary(error)", "if is_temporary(error)"),
    ("retry_on", "except ConnectionError as", "except Exception as"),
    ("retry_on", "except LockedError as", "except TimeoutError as"),
    ("ignore_error", "except QuotaError:", "except Exception:"),
    ("ignore_error", "except Exception:", "except BaseException:"),
    ("when", "if not is_paid(parcel)", "if is_paid(parcel)"),
    ("when", 'parcel.kind != "box"', 'parcel.kind == "box"'),
    ("predicates", "is_open(door) or not is_locked(door)", "is_open(door)"),
    ("predicates", "(is_open(door) or is_guarded(door, ", "(is_guarded(door, "),
    ("named", 'error.add_note(f"in {name}")', "pass"),
    ("named", "except Exception as error:", "except BaseException as error:"),
    ("named", 'named("late fees")', 'named("late")'),
    ("in_parallel", "return_when=FIRST_EXCEPTION", 'return_when="ALL_COMPLETED"'),
    ("in_parallel", "            branch.result()", "            branch.exception()"),
    ("in_parallel", "cancel_futures=True", "cancel_futures=False"),
    ("in_parallel", "max_workers=3", "max_workers=1"),
    ("in_parallel_for_each", "max_workers=2", "max_workers=3"),
    ("for_each_nested", "list(list_schemas(catalog))", "[]"),
    ("in_serial", "list(list_books(library))", "list_books(library)"),
    ("arguments_calls", "book(ledger, account, ", "book(ledger, account[:0], "),
]


@pytest.mark.parametrize(("case", "right", "wrong"), MISTAKES)
def test_mistake_is_noticed(case: str, right: str, wrong: str) -> None:
    folder = GOLDEN / case
    script = (folder / "expected.py").read_text(encoding="utf-8")
    begin = script.rindex("\nlog = ") if "\nlog = " in script else 0
    head, body = script[:begin], script[begin:]
    assert right in body, "the case says something else now: choose another mistake"
    mistaken = head + body.replace(right, wrong, 1)
    with (
        opened(folder / "workflow.py", mistaken) as lab,
        pytest.raises(AssertionError, match="going wrong"),
    ):
        for situation in situations(lab):
            assert_equal(lab, situation)
