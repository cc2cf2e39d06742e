"""``firn size``: what is in a built image, and how much heap it leaves at boot."""

import re
import subprocess

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection
from rich.console import Console
from rich.table import Table

from . import paths
from .errors import Failure

_RAM = 0x20000000  # where a Cortex-M has it; programs of hosts are loaded below
_MEASURE = "import gc; gc.collect(); print(gc.mem_free(), gc.mem_alloc())"
# The site of the flash image, without one that of an empty configuration, while nobody visits it.
_IDLE = """
import asyncio, gc
from firn import site, startup
def measure():
    gc.collect()
    print("heap", gc.mem_free(), gc.mem_alloc())
async def idle():
    serving = asyncio.create_task(site.Site(startup.config).serve())
    await asyncio.sleep(1)
    measure()
asyncio.run(idle())
"""


def show(board, with_parts=False):
    """Print the size table of ``board``'s image; ``with_parts``: of each package's parts, too."""
    if not board.image.is_file():
        raise Failure("%s is not built yet: type firn build %s" % (board.name, board.name))
    table = Table(title="%s: %s" % (board.name, board.image.name), title_justify="left")
    table.add_column("part")
    table.add_column("bytes", justify="right")
    table.add_column("")
    text, data, bss = sections(board.elf)
    table.add_row("text", _number(text), "code, constants, frozen bytecode")
    table.add_row("data", _number(data), "initialised variables")
    table.add_row("bss", _number(bss), "zeroed variables")
    flash = flash_length(board)
    if flash:
        used = text + data
        note = "of %s: %.1f %%" % (_number(flash), 100 * used / flash)
        table.add_row("flash used", _number(used), note)
    table.add_section()
    for package, (size, parts) in frozen_packages(board).items():
        table.add_row("frozen " + package, _number(size), "")
        if with_parts and len(parts) > 1:
            for part, part_size in parts.items():
                table.add_row("  " + part, _number(part_size), "")
    table.add_section()
    if board.port in ("unix", "qemu"):
        free, used = heap_at_boot(board)
        table.add_row("heap free at boot", _number(free), "of %s" % _number(free + used))
    if board.port == "qemu":
        free, used = idle_heap(board)
        table.add_row("heap free when serving", _number(free), "%s used" % _number(used))
    Console(highlight=False).print(table)


def sections(image):
    """Bytes of (text, data, bss) as binutils' ``size`` counts them."""
    text = data = bss = 0
    with open(image, "rb") as file:
        for section in ELFFile(file).iter_sections():
            flags, size = section["sh_flags"], section["sh_size"]
            if not flags & 2:  # SHF_ALLOC
                continue
            if section["sh_type"] == "SHT_NOBITS":
                bss += size
            elif flags & 1 or section["sh_addr"] >= _RAM:  # SHF_WRITE, or code that runs there
                data += size
            else:
                text += size
    return text, data, bss


def flash_length(board):
    """Bytes of flash that the program may take, or None where there is no such limit."""
    if board.port == "rp2":
        return board.filesystem()[0]
    mapped = board.image.with_suffix(".map")
    if board.port == "unix" or not mapped.is_file():
        return None
    found = re.search(r"(?m)^FLASH\s+0x\w+\s+0x(\w+)", mapped.read_text(errors="replace"))
    return int(found.group(1), 16) if found else None


def frozen_packages(board):
    """Bytes of bytecode and constants of each frozen package, and of its parts, largest first.

    A part is what the modules are that begin with the same word: ``setup``, ``setup_page`` ...
    Names, texts and what else packages share or has no name is in ``strings``.
    """
    build = paths.build(board.name)
    modules = _frozen_modules((build / "frozen_content.c").read_text())
    sizes = {}
    total = 0
    objects = [*build.rglob("frozen_content.o"), *build.rglob("frozen_content.c.o")]
    for obj in objects:
        with open(obj, "rb") as file:
            for section in ELFFile(file).iter_sections():
                if isinstance(section, SymbolTableSection):
                    for symbol in section.iter_symbols():
                        _count(symbol.name, symbol["st_size"], modules, sizes)
                elif section["sh_flags"] & 2:  # SHF_ALLOC
                    total += section["sh_size"]
    sizes["strings", ""] = sizes.get(("strings", ""), 0) + total - sum(sizes.values())
    packages = {}
    for (package, part), size in sorted(sizes.items(), key=lambda item: -item[1]):
        parts = packages.setdefault(package, {})
        parts[part] = size
    totals = {package: (sum(parts.values()), parts) for package, parts in packages.items()}
    return dict(sorted(totals.items(), key=lambda item: -item[1][0]))


def _frozen_modules(content):
    """{module as the generated frozen_content.c spells it: (its package, its part of it)}."""
    files = re.findall(r"(?m)^// - frozen file name: (\S+)\.py", content)
    return {name.replace("/", "_"): _part(name) for name in files}


def _part(name):
    package, _, module = name.partition("/")
    return package, module.split("/")[0].split("_")[0] or "package"


def _count(symbol, size, modules, sizes):
    # const_qstr_table_data_NAME, fun_data_NAME_FUNCTION, frozen_module_NAME ...
    if symbol.startswith("mp_qstr_frozen"):
        sizes["strings", ""] = sizes.get(("strings", ""), 0) + size
    match = re.match(
        r"(?:fun_data|proto_fun|children|const_qstr_table_data|const_obj_table_data|const_obj"
        r"|frozen_module|const_table_data|qstr_table)_(.*)",
        symbol,
    )
    if match:
        rest = match.group(1)
        best = max((m for m in modules if rest.startswith(m)), key=len, default=None)
        if best:
            sizes[modules[best]] = sizes.get(modules[best], 0) + size


def heap_at_boot(board):
    """(free, used) bytes of heap after boot.py, before the site."""
    if board.port == "unix":
        command = [str(board.image), "-c", _MEASURE]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    else:
        from .emulate import Qemu

        with Qemu(board) as device:
            output = device.run_at_boot(_MEASURE)
    free, used = output.split()
    return int(free), int(used)


def idle_heap(board):
    """(free, used) bytes of heap of an emulated board that serves a site and has no visitors."""
    from .emulate import Qemu

    with Qemu(board) as device:
        output = device.run_at_boot(_IDLE)
    line = next(line for line in output.splitlines() if line.startswith("heap "))
    free, used = line.split()[1:]
    return int(free), int(used)


def _number(value):
    return f"{value:,}".replace(",", " ")
