"""A cluster is put up."""

from __future__ import annotations

from transpiler import flow

from . import addons, steps, time
from .inventory import Machine, Role
from .state import Cluster
from .steps import range as reserve_ports
from .steps import wait


def bring_up(machine: Machine) -> flow.Step[Cluster]:
    """Start a machine, and make it a member."""
    return flow.do(
        flow.retry(
            steps.boot(machine.name, console=machine.is_controller),
            flow.up_to(3),
            flow.fixed_backoff(20),
        ),
        flow.with_timeout(
            time.timeout(Role.WORKER),
            flow.until(steps.is_up(machine.name), flow.sleep(5)),
        ),
        steps.join(machine),
    )


@flow.workflow
def put_up() -> flow.Step[Cluster]:
    """Put a cluster up."""
    return flow.do(
        steps.new_token,
        reserve_ports(30_000, 32_767),
        flow.in_serial(
            flow.for_each(
                steps.controllers,
                lambda machine: flow.do(
                    steps.boot(machine.name),
                    steps.join(machine, role=Role.CONTROL | Role.STORAGE),
                ),
            )
        ),
        flow.in_parallel(flow.for_each(steps.workers, bring_up), limit=2),
        flow.in_serial(flow.for_each(addons.ordered(), steps.install)),
        flow.when(
            lambda cluster: cluster.wait_for_storage and Role.NONE not in Role.BOTH,
            wait(minutes=2.5),
            otherwise=steps.cordon("node-1", "node-2"),
        ),
    )
