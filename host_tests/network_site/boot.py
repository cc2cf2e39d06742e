import link  # noqa: F401 (kept in sys.modules: lwIP works with what it holds)
