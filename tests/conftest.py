"""Options and fixtures of all tests."""

from __future__ import annotations

import pytest

from support.bare import BarePython, make_bare_python


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what is built now to tests/golden/*/expected.py",
    )
    parser.addoption(
        "--long",
        type=int,
        default=0,
        metavar="N",
        help="verify N random workflows more (tests/verify/test_random.py)",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether to accept what is built now."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> BarePython:
    """A Python with nothing installed, made once."""
    return make_bare_python(tmp_path_factory.mktemp("bare_python"))
