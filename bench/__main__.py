"""``python -m bench`` measures and prints the table."""

import sys

from .run import main

sys.exit(main())
