"""Compiles a template when it is used for the first time, and again when it has changed."""

from . import marks, source


class Loader(source.Loader):
    """Templates of one directory, compiled when they or what they include has changed.

    How a change is noticed: utemplate.marks. A compiled template whose source is gone is used as
    it is. Arguments as for ``utemplate.compiled.Loader``.
    """

    def __init__(self, pkg, dir):
        super().__init__(pkg, dir)
        self._sources = {}

    def load(self, name):
        """The generator function of the template ``name`` as it is now; errors as elsewhere."""
        render = self._loaded.get(name)
        if render is not None:
            sources = self._sources.get(name)
            if sources is None or self._unchanged(sources) or not self._has_source(name):
                return render
            self._loaded.pop(name, None)
        return super().load(name)

    def _find(self, name):
        if not self._has_source(name):
            return super()._find(name)
        path = self.compiled_path(name)
        sources = marks.read(path)
        if sources and sources[0].name == name and self._unchanged(sources):
            render = self._execute(path)
        else:
            render, sources = self.compile(name)
        self._sources[name] = sources
        return render

    def _unchanged(self, sources):
        return all(known.unchanged(self.root + known.name) for known in sources)
