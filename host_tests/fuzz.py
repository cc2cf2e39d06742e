"""Coverage-guided fuzzing: ``.venv/bin/python host_tests/fuzz.py TARGET [options]``.

    fuzz.py http --minutes 10         look for inputs that break the target's invariants
    fuzz.py http --minutes 10 --keep  and keep a minimal set of those that reach something new
    fuzz.py http --input FILE         run one input again, say one that broke

Targets: http (the parser, against h11), connection (the server's connections), texts (encodings,
cookies, ranges, dates, paths), templates (what compiles them). The engine is atheris where it is
installed; elsewhere inputs are made by plain mutation. What was kept is in fuzz_corpus/, a line
per input; what is found on the way is in build/fuzz/.
"""

import argparse
import ast
import hashlib
import importlib
import importlib.util
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "host_tests" / "fuzz_corpus"
TARGETS = ("http", "connection", "texts", "templates")
INSTRUMENTED = ["microdot", "utemplate"]
_INPUT_TIMEOUT = 20  # seconds; an input that takes longer is a find, too


def kept(name):
    """The inputs in fuzz_corpus/ for target ``name``: a list of bytes."""
    path = CORPUS / (name + ".txt")
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else ()
    return [ast.literal_eval(line) for line in lines]


def keep(name, inputs):
    """Write ``inputs`` (bytes) as those of target ``name``."""
    CORPUS.mkdir(exist_ok=True)
    lines = [repr(data) + "\n" for data in sorted(set(inputs), key=lambda data: (len(data), data))]
    (CORPUS / (name + ".txt")).write_text("".join(lines), encoding="ascii")


def starting_inputs(name, target):
    """What every run begins with: the target's seeds and what was kept."""
    return target.seeds() + kept(name)


def load(name, engine):
    """The module of target ``name``, guiding ``engine`` where that is atheris."""
    for folder in ("frozen", "host_tests", "host_tests/portable"):
        if str(ROOT / folder) not in sys.path:
            sys.path.insert(0, str(ROOT / folder))
    if engine == "plain":
        return importlib.import_module("fuzz_" + name)
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        return importlib.import_module("fuzz_" + name)


def shown(name, function, folder):
    """``function`` of one input, which shows the input when it breaks and keeps it in a file."""

    def run(data):
        try:
            function(data)
        except Exception:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / ("broken-" + hashlib.sha256(data).hexdigest()[:16])
            file.write_bytes(data)
            print("\nfuzz.py %s breaks with this input:\n%r" % (name, data), file=sys.stderr)
            print("It is kept in %s\n" % file, file=sys.stderr)
            raise

    return run


# The engine for where there is no atheris


def mutated(source, inputs, words):
    """A new input out of ``inputs``; ``source``: a random.Random."""
    data = bytearray(source.choice(inputs))
    for _ in range(source.choice((1, 1, 2, 3, 5))):
        at = source.randint(0, len(data))
        end = min(len(data), at + source.choice((0, 0, 1, 1, 2, 8, 40)))
        other = source.choice(inputs)
        start = source.randint(0, len(other))
        data[at:end] = source.choice((
            b"", source.choice(words), source.choice(words), bytes([source.randrange(256)]),
            data[at:end] * 2, other[start : start + source.choice((2, 10, 50))],
        ))  # fmt: skip
    return bytes(data)


def plain(function, inputs, target, runs, seconds, seed):
    """Run ``inputs`` and then what is made of them; the number of runs."""
    source = random.Random(seed)
    end = time.monotonic() + seconds if seconds else None
    for data in inputs:
        function(data)
    count = len(inputs)
    while (runs is None or count < runs) and (end is None or time.monotonic() < end):
        function(mutated(source, inputs, target.WORDS)[: target.MAX_LENGTH])
        count += 1
    return count


# atheris


def guided(function, options, target, inputs, folder):
    """Let atheris run; it ends the process."""
    found = folder / "inputs"
    found.mkdir(parents=True, exist_ok=True)
    write(found, inputs)
    words = folder / "words"
    words.write_text("".join('"%s"\n' % escaped(word) for word in target.WORDS))
    arguments = [
        sys.argv[0], str(found), "-dict=%s" % words, "-artifact_prefix=%s/" % folder,
        "-timeout=%d" % _INPUT_TIMEOUT, "-seed=%d" % options.seed, "-print_final_stats=1",
        "-max_len=%d" % target.MAX_LENGTH,
    ]  # fmt: skip
    if options.runs:
        arguments.append("-runs=%d" % options.runs)
    if options.minutes:
        arguments.append("-max_total_time=%d" % (60 * options.minutes))
    run_atheris(function, arguments)


def run_atheris(function, arguments):
    import atheris

    atheris.Setup(arguments, function)
    atheris.Fuzz()


def work_folder(options):
    """Where the inputs are that a run finds: what was found before is used again."""
    if options.fresh:
        return Path(tempfile.mkdtemp(prefix="fuzz-"))
    return ROOT / "build" / "fuzz" / options.target


def write(folder, inputs):
    for number, data in enumerate(inputs):
        (folder / ("%05d" % number)).write_bytes(data)


def escaped(word):
    return "".join("\\x%02x" % byte for byte in word)


def keep_minimal(options, folder):
    """Find a minimal set of the inputs in ``folder``, and keep it."""
    # Merging, libFuzzer starts itself again, by the name of its program: a file to be run.
    again = folder / "again"
    again.write_text(
        '#!/bin/sh\nexec "%s" "%s" %s --libfuzzer "$0" "$@"\n'
        % (sys.executable, Path(__file__).resolve(), options.target)
    )
    again.chmod(0o755)
    with tempfile.TemporaryDirectory() as minimal:
        subprocess.run([str(again), "-merge=1", minimal, str(folder / "inputs")], check=True)
        inputs = [path.read_bytes() for path in Path(minimal).iterdir()]
    keep(options.target, inputs)
    print("kept %d inputs, %d bytes" % (len(inputs), sum(map(len, inputs))))


# The command


def main(arguments=None):
    options = parser().parse_args(arguments)
    engine = "plain" if options.input else options.engine or available_engine()
    if options.keep and (engine == "plain" or not (options.minutes or options.runs)):
        sys.exit("--keep: expected atheris, which tells what is new, and --minutes or --runs")
    target = load(options.target, engine)
    if options.libfuzzer:
        run_atheris(target.one_input, options.libfuzzer)
    if options.input:
        target.one_input(options.input.read_bytes())
        return
    folder = work_folder(options)
    function = shown(options.target, target.one_input, folder)
    inputs = starting_inputs(options.target, target)
    if engine == "plain":
        seconds = options.minutes and 60 * options.minutes
        if options.runs is None and seconds is None:
            seconds = 60
        count = plain(function, inputs, target, options.runs, seconds, options.seed)
        print("Done %d runs" % count, file=sys.stderr)
        return
    if options.keep:
        process = os.fork()
        if process:
            if os.waitpid(process, 0)[1] == 0:
                keep_minimal(options, folder)
            return
    guided(function, options, target, inputs, folder)


def available_engine():
    return "atheris" if importlib.util.find_spec("atheris") else "plain"


def parser():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--minutes", type=float, help="how long (default: until Ctrl-C)")
    parser.add_argument("--runs", type=int, help="how many inputs, those it begins with included")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (default: 1)")
    parser.add_argument("--engine", choices=("atheris", "plain"))
    parser.add_argument("--fresh", action="store_true", help="forget what former runs have found")
    parser.add_argument("--keep", action="store_true", help="keep a minimal set of what is found")
    parser.add_argument("--input", type=Path, help="run this input alone")
    parser.add_argument("--libfuzzer", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    main()
