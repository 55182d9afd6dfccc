"""Every golden case and example does what its workflow says, as verify sees it."""

from __future__ import annotations

import pytest
from verifying import verified

from support.cases import Case, example_cases, golden_cases
from transpiler.verify import told

PATHS = 150
"""So many paths of each; benchmarks/verify.py goes as far as the command does."""


@pytest.mark.parametrize("case", [*golden_cases(), *example_cases()], ids=str)
def test_case(case: Case) -> None:
    script = case.expected.read_text(encoding="utf-8")
    result = verified(case.workflow, script, paths=PATHS)
    assert result.difference is None, "\n".join(told(result.difference))
    assert result.compared
