"""What a handler's steps are given."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Job:
    """Something to do."""

    name: str = "import"
    tries: int = field(init=False, default=0)
    log: list[str] = field(init=False, default_factory=list)


def slug(text: str) -> str:
    """Return a text as it stands in an address."""
    return text.lower().replace(" ", "-")


@flow.step
def run(job: Job, part: int) -> None:
    """Do it."""
    job.log.append(f"run {part}")


@flow.step
def rename(job: Job, name: str) -> None:
    """Give it another name."""
    job.name = name
    job.tries += 1


@flow.step
def note(job: Job, *texts: str) -> None:
    """Write it down."""
    job.log.extend(texts)


def alert(text: str, job_name: str) -> flow.Step[Job]:
    """Write it down twice."""
    return flow.do(note(f"!! {text}"), note(job_name, text))


def wait_for(job: Job, error: Exception) -> flow.Step[Job]:
    """Try it again under another name."""
    message = f"{error}"
    return flow.do(
        rename(slug(message)),
        note(job.name, message),
        flow.retry(
            note(str(job.tries), message[:3]), flow.up_to(2), flow.fixed_backoff(1)
        ),
    )


def list_all(job: Job, error: Exception) -> flow.Step[Job]:
    """Write down every line of the log."""
    lines = list(job.log)
    return flow.do(
        flow.in_serial(
            flow.for_each(
                lambda job: lines, lambda line: note(f"{line} of {len(lines)}", line)
            )
        ),
        flow.when(lambda job: job.tries > len(lines), note(job.name)),
        # Even this may fail.
        flow.on_error(
            alert(str(error), job.name), lambda job, again: note(f"{error}, {again}")
        ),
    )


def leave_out(job: Job, error: Exception) -> flow.Step[Job] | None:
    """Do without what can't be read."""
    if isinstance(error, OSError):
        return flow.do(rename(error.filename), note("without", error.filename))
    raise error


@flow.workflow
def work() -> flow.Step[Job]:
    """Do a job in parts."""
    return flow.do(
        flow.on_error(run(1), wait_for),
        flow.on_error(run(2), list_all),
        flow.on_error(run(3), lambda job, error: alert(slug(str(error)), job.name)),
        flow.on_error(run(4), leave_out),
    )
