"""Write what is hard to write."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

# This comment has text that is turned around: ‮.
TEMPLATE = "{{ user }} {% raw %} {# none #} %s %(prog)s $x"
PLAIN = "‮turned‬ and a private "
TABLE = """
  name | {{ user }}
-------+-----------
"""


@dataclass
class Page:
    """A page {{ of }} text."""

    # 100 % of what is written, %(prog)s says.
    width: int = 80
    lines: list[str] = field(init=False, default_factory=list)


@flow.step
def write(page: Page, text: str, größe: int = 1) -> None:
    r"""Write C:\new and {% raw %}."""
    # "Quoted" {{ comment }} ⁦ here.
    page.lines.append(text * größe)


@flow.predicate
def holds(page: Page, text: str) -> bool:
    """Return whether a line holds a text."""
    return any(text in line for line in page.lines)


@flow.workflow
def write_page() -> flow.Step[Page]:
    """Write 100 % of a page: %(prog)s, "quoted", {{ x }} and back\\slash.

    Which ends in a quote: "
    """
    local = 'both " and \' and """ and \\'
    return flow.do(
        write(TEMPLATE),
        write(PLAIN),
        write(local),
        flow.retry(
            flow.do(
                # A note ‮ about {{ this }}.
                flow.when(
                    lambda page: """name |
  {{ user }}""" not in page.lines,
                    write("""two
    lines"""),
                ),
                flow.in_serial(
                    flow.for_each(
                        [
                            """a
  b""",
                            TABLE,
                        ],
                        lambda text: write(f"""{text} {{{{ {text!r} }}}}
  ⁦end⁩"""),
                    )
                ),
                flow.named(
                    """in two
lines\t""",
                    write("\x00\ud800", größe=2),
                ),
            ),
            flow.only_if(lambda error: """not
  this""" not in str(error)),
            flow.up_to(2),
        ),
        flow.unless(holds("‮"), write("nothing is turned around")),
    )
