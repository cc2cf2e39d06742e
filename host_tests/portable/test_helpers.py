"""microdot.helpers."""

from expect import equal
from microdot.compat import MICROPYTHON
from microdot.helpers import wraps


def test_a_wrapped_function_is_the_wrapper():
    def double(f):
        @wraps(f)
        def wrapper(*args, **kwargs):
            return 2 * f(*args, **kwargs)

        return wrapper

    @double
    def add(a, b=1):
        "The sum."
        return a + b

    equal(add(1), 4)
    equal(add(1, b=2), 6)
    if not MICROPYTHON:
        equal(add.__name__, "add")
        equal(add.__doc__, "The sum.")
