"""The modules that images have in place of a host's: the same file on every Python."""

import sys

MICROPYTHON = sys.implementation.name == "micropython"


def load(name):
    """The stand-in ``name``: frozen in an image; on a host from its file, which hides nothing."""
    if MICROPYTHON:
        return __import__(name)
    import importlib.util
    from pathlib import Path

    path = Path(__file__).parents[2] / "frozen" / "standins" / (name + ".py")
    spec = importlib.util.spec_from_file_location("standin_" + name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # as an import does, before the module runs
    spec.loader.exec_module(module)
    return module


class Clock:
    """In place of the module time: ``now`` seconds since 1970, on a port whose epoch is 1970."""

    epoch = 1970
    now = 1800000000  # in January 2027

    def time(self):
        return self.now - (946684800 if self.epoch == 2000 else 0)

    def gmtime(self, seconds=None):
        if seconds == 0:
            return (self.epoch, 1, 1, 0, 0, 0, 0, 1, 0)
        return (1970 + self.now // 31557600, 1, 1, 0, 0, 0, 0, 1, 0)


class SetClock:
    """Inside ``with SetClock(module) as clock:`` the module's time is a Clock."""

    def __init__(self, *modules):
        self.modules = modules

    def __enter__(self):
        self.times = [module.time for module in self.modules]
        clock = Clock()
        for module in self.modules:
            module.time = clock
        return clock

    def __exit__(self, *error):
        for module, time in zip(self.modules, self.times):
            module.time = time
