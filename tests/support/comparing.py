"""Compare what a workflow does with what its script does."""

from __future__ import annotations

from support.records import Outcome
from support.worlds import Lab, Situation


def assert_equal(lab: Lab, situation: Situation) -> None:
    """Compare both worlds in one situation; the passes may change nothing either."""
    expected = lab.interpret(situation)
    found = lab.execute(situation)
    assert found == expected, report(lab, situation, expected, found)
    changed = lab.workflow.step is not lab.built.step
    if changed and not lab.workflow.lets:
        # A call among the arguments was made at build time, before the passes.
        unchanged = lab.interpret(situation, lab.built)
        assert unchanged == expected, report(lab, situation, expected, unchanged)


def report(lab: Lab, situation: Situation, expected: Outcome, found: Outcome) -> str:
    """Say what differs."""
    lines = [f"{lab.workflow.name} {situation}:"]
    events = max(len(expected.events), len(found.events))
    for index in range(events):
        one = expected.events[index : index + 1]
        other = found.events[index : index + 1]
        mark = "  " if one == other else "! "
        lines.append(
            f"{mark}workflow {one}" + ("" if one == other else f"; script {other}")
        )
    lines.append(f"workflow ends with {expected.error}, {expected.state}")
    lines.append(f"script ends with   {found.error}, {found.state}")
    return "\n".join(lines)
