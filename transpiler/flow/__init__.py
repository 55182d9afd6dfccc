"""The combinators that workflows are composed of: `from transpiler import flow`.

Every function here returns an immutable value and runs nothing. Such a value runs with
`.run(state)`, and `flowc build` turns it into a script.
"""

from transpiler.flow.conditions import unless, when
from transpiler.flow.data import from_, value
from transpiler.flow.errors import (
    exponential_backoff,
    fixed_backoff,
    ignore_error,
    only_if,
    retry,
    up_to,
)
from transpiler.flow.kinds import Consume, Extract, Policy, Provider, Step, Transform
from transpiler.flow.leaves import (
    ConsumeFunction,
    ExtractFunction,
    StepFunction,
    TransformFunction,
    Workflow,
    consume,
    extract,
    predicate,
    step,
    transform,
    workflow,
)
from transpiler.flow.observe import named
from transpiler.flow.parallel import in_parallel
from transpiler.flow.predicates import Predicate, PredicateFunction, and_, not_, or_
from transpiler.flow.sequence import do, for_each, in_serial, map_, steps

__all__ = [
    "Consume",
    "ConsumeFunction",
    "Extract",
    "ExtractFunction",
    "Policy",
    "Predicate",
    "PredicateFunction",
    "Provider",
    "Step",
    "StepFunction",
    "Transform",
    "TransformFunction",
    "Workflow",
    "and_",
    "consume",
    "do",
    "exponential_backoff",
    "extract",
    "fixed_backoff",
    "for_each",
    "from_",
    "ignore_error",
    "in_parallel",
    "in_serial",
    "map_",
    "named",
    "not_",
    "only_if",
    "or_",
    "predicate",
    "retry",
    "step",
    "steps",
    "transform",
    "unless",
    "up_to",
    "value",
    "when",
    "workflow",
]
