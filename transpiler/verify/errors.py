"""Errors that are let happen, and what is seen of an error in a form that compares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class InjectedError(Exception):
    """An error that no workflow knows."""


class InjectedGroup(ExceptionGroup[Exception]):
    """A group of errors: it is no error of the types that are in it."""

    def __new__(cls, message: str) -> InjectedGroup:
        return super().__new__(cls, message, [InjectedError("in a group")])


class Endless(BaseException):
    """A run has made more calls than any that ends: it is ended from outside."""


class Stuck(BaseException):
    """A run takes long and calls nothing: it is ended from outside."""


def make_error(kind: type[BaseException], message: str) -> BaseException:
    """Return an error of a type, whatever its constructor asks for."""
    if issubclass(kind, BaseExceptionGroup):
        return InjectedGroup(message)
    try:
        return kind(message)
    except Exception:
        error = kind.__new__(kind, message)
        error.args = (message,)
        return error


def described(
    error: BaseException | None,
    mark: Callable[[BaseException], str | None],
    around: tuple[BaseException, ...] = (),
) -> Any:
    """Describe an error with its notes, members, cause and context.

    `mark` tells which error it is, if it is one that was let happen: so that another
    one with the same words is seen to be another. It is part of the errors `around`.
    """
    if error is None:
        return None
    found: dict[str, Any] = {
        "type": type(error).__name__,
        "message": _message(error),
        "made by": mark(error),
        "notes": tuple(getattr(error, "__notes__", ())),
    }
    if any(error is each for each in around):
        # `raise error from error` makes an error its own cause.
        return found
    around = (*around, error)
    if isinstance(error, SystemExit):
        found["code"] = error.code
    if isinstance(error, BaseExceptionGroup):
        found["members"] = tuple(described(e, mark, around) for e in error.exceptions)
    found["cause"] = described(error.__cause__, mark, around)
    if not error.__suppress_context__:
        found["context"] = described(error.__context__, mark, around)
    return found


def _message(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        # Without the count of its members, which are compared one by one.
        return str(error.message)
    try:
        return str(error)
    except Exception as wrong:
        return f"<{type(wrong).__name__}>"
