"""Lets ``python -m dipnot`` stand for the ``dipnot`` command."""

from dipnot.cli import main

raise SystemExit(main())
