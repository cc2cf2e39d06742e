"""``python -m firn_tools`` is the ``firn`` command."""

import sys

from .cli import main

sys.exit(main())
