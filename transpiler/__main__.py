"""`python -m transpiler` is `flowc`."""

from transpiler.cli import main

if __name__ == "__main__":
    main()
