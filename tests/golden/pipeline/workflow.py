"""Values from an extract through transforms into a consume."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Survey:
    """A survey, and what came of it."""

    answers: list[str] = field(default_factory=lambda: ["yes", "no", "yes"])
    report: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_answers(survey: Survey) -> list[str]:
    """Read what people answered."""
    return survey.answers


@flow.transform
def count(survey: Survey, answers: list[str], answer: str) -> int:
    """Count the answers of a kind."""
    return answers.count(answer)


@flow.transform
def share(survey: Survey, votes: int) -> float:
    """Return the share of so many answers."""
    return votes / len(survey.answers)


@flow.transform
def as_percent(survey: Survey, share: float) -> str:
    """Write a share as people read it."""
    return f"{share:.0%}"


@flow.consume
def publish(survey: Survey, text: str, title: str = "result") -> None:
    """Put it into the newspaper."""
    survey.report.append(f"{title}: {text}")


@flow.consume
def archive(survey: Survey, answers: list[str]) -> None:
    """Keep what people answered."""
    survey.report.append(f"{len(answers)} answers")


@flow.workflow
def evaluate_survey() -> flow.Step[Survey]:
    """Publish what people think."""
    percentage = flow.chain(share, as_percent)
    return flow.do(
        flow.with_(read_answers, archive),
        # Those who agree.
        flow.pipeline(
            read_answers, count("yes"), share, as_percent, publish(title="agree")
        ),
        flow.pipeline(read_answers, count("no"), percentage, publish("disagree")),
        flow.pipeline(
            flow.from_(read_answers, count("maybe")),
            flow.feed(percentage, publish("undecided")),
        ),
        flow.with_(flow.value("over"), publish(title="it is")),
        flow.with_(lambda survey: survey.answers[:1], archive),
        flow.pipeline(
            read_answers,
            lambda survey, answers: ", ".join(answers),
            flow.chain(),
            lambda survey, text: survey.report.append(text),
        ),
        flow.with_(flow.value(["a", "b"]), flow.feed(archive)),
    )
