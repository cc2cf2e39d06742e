"""Boards are folders, found by name."""

import json

import pytest

from firn_tools import boards, cli, paths


def test_every_board_folder_is_complete():
    for name in boards.names():
        board = boards.find(name)
        assert (board.folder / "manifest.py").is_file()
        keys = {"deploy", "docs", "features", "images", "mcu", "product", "url", "vendor", "port"}
        assert keys <= set(json.loads((board.folder / "board.json").read_text()))


def test_an_unknown_board_is_answered_with_those_that_exist(capsys):
    assert cli.main(["build", "QEMV"]) == 1
    error = capsys.readouterr().err
    assert "no board 'QEMV', did you mean QEMU; boards: " in error
    for name in boards.names():
        assert name in error


def test_a_variant_is_its_board_with_a_name_an_image_and_a_filesystem_of_its_own():
    plain, variant = boards.find("RPI_PICO"), boards.find("RPI_PICO-PPP")
    assert (variant.name, variant.variant, plain.variant) == ("RPI_PICO-PPP", "PPP", None)
    assert (variant.folder, variant.about) == (plain.folder, plain.about)
    assert variant.image == paths.build("RPI_PICO-PPP") / "firmware.uf2" != plain.image
    assert variant.filesystem() != plain.filesystem()
    assert sum(variant.filesystem()) == sum(plain.filesystem()) == plain.about["flash_size"]


def test_a_variant_is_no_board_of_its_own_and_so_of_no_release():
    assert boards.variants("RPI_PICO") == ["PPP"]
    assert not [name for name in boards.names() if "-" in name]


@pytest.mark.parametrize("name", ["RPI_PICO-", "RPI_PICO-WIFI", "QEMU-PPP"])
def test_a_variant_that_does_not_exist_is_no_board(name, capsys):
    assert cli.main(["build", name]) == 1
    assert "no board %r" % name in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "x", "-1", "0", "12q", "k"])
def test_a_heap_that_is_no_size_is_a_usage_error(text, capsys):
    with pytest.raises(SystemExit) as exit:
        cli.main(["build", "QEMU", "--heap", text or "0"])
    assert exit.value.code == 2
    assert "expected a size such as 180k" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "size"), [("64k", 65536), ("1m", 1048576), ("184320", 184320)])
def test_sizes_are_read_in_bytes_kilobytes_and_megabytes(text, size):
    assert cli.parser().parse_args(["build", "QEMU", "--heap", text]).heap == size


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1"])
def test_a_port_out_of_range_is_a_usage_error(text, capsys):
    with pytest.raises(SystemExit) as exit:
        cli.main(["emulate", "UNIX", "--port=" + text])
    assert exit.value.code == 2
    assert "expected an integer from 1 to 65535" in capsys.readouterr().err


def test_path_prints_the_frozen_folder(capsys):
    assert cli.main(["path"]) == 0
    assert capsys.readouterr().out.strip() == str(paths.frozen())


def test_every_command_has_help(capsys):
    for command in ("sources", "build", "size", "emulate", "path", "lint"):
        with pytest.raises(SystemExit) as exit:
            cli.main([command, "--help"])
        assert exit.value.code == 0
        assert "usage: firn " + command in capsys.readouterr().out
