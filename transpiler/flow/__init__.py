"""The combinators that workflows are composed of: `from transpiler import flow`.

Every function here returns an immutable value and runs nothing. Such a value runs with
`.run(state)`, and `flowc build` turns it into a script.
"""

from transpiler.flow.conditions import switch, unless, when
from transpiler.flow.consumes import apply, feed, pipeline, with_
from transpiler.flow.data import chain, collect, flatten, from_, render, value
from transpiler.flow.environment import env
from transpiler.flow.errors import (
    exponential_backoff,
    fixed_backoff,
    ignore_error,
    only_if,
    retry,
    up_to,
)
from transpiler.flow.handling import (
    Fallback,
    ensure,
    fallback_to,
    on_error,
    recover_panics,
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
from transpiler.flow.limits import remaining, with_deadline, with_timeout
from transpiler.flow.loops import repeat, sleep, until, while_
from transpiler.flow.observe import auto_named, named, names, traced, with_logging
from transpiler.flow.parallel import in_parallel
from transpiler.flow.predicates import Predicate, PredicateFunction, and_, not_, or_
from transpiler.flow.resources import spawn, using
from transpiler.flow.sequence import do, for_each, in_serial, map_, steps
from transpiler.ir.errors import Exhausted, RecoveredPanic

__all__ = [
    "Consume",
    "ConsumeFunction",
    "Exhausted",
    "Extract",
    "ExtractFunction",
    "Fallback",
    "Policy",
    "Predicate",
    "PredicateFunction",
    "Provider",
    "RecoveredPanic",
    "Step",
    "StepFunction",
    "Transform",
    "TransformFunction",
    "Workflow",
    "and_",
    "apply",
    "auto_named",
    "chain",
    "collect",
    "consume",
    "do",
    "ensure",
    "env",
    "exponential_backoff",
    "extract",
    "fallback_to",
    "feed",
    "fixed_backoff",
    "flatten",
    "for_each",
    "from_",
    "ignore_error",
    "in_parallel",
    "in_serial",
    "map_",
    "named",
    "names",
    "not_",
    "on_error",
    "only_if",
    "or_",
    "pipeline",
    "predicate",
    "recover_panics",
    "remaining",
    "render",
    "repeat",
    "retry",
    "sleep",
    "spawn",
    "step",
    "steps",
    "switch",
    "traced",
    "transform",
    "unless",
    "until",
    "up_to",
    "using",
    "value",
    "when",
    "while_",
    "with_",
    "with_deadline",
    "with_logging",
    "with_timeout",
    "workflow",
]
