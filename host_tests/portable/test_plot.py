from expect import equal, raises
from marimo import plot

HOSTILE = "'\"><img src=x onerror=alert(1)>"
NAN = float("nan")
INFINITE = float("inf")


def drawn(svg, tag="polyline", attribute="points"):
    """The values of an attribute of all tags of a kind."""
    found = []
    for piece in svg.split("<%s " % tag)[1:]:
        piece = piece.split(">")[0]
        found.append(piece.split(' %s="' % attribute)[1].split('"')[0])
    return found


def points(text):
    return [tuple([float(number) for number in pair.split(",")]) for pair in text.split(" ")]


def labels(svg):
    return [piece.split(">")[1].split("<")[0] for piece in svg.split("<text ")[1:]]


def test_a_line_goes_through_its_points():
    svg = plot.line([1, 3, 2]).text
    (line,) = drawn(svg)
    (x0, y0), (x1, y1), (x2, y2) = points(line)
    assert x0 < x1 < x2 and y1 < y2 < y0, line
    equal(round(x1 - x0), round(x2 - x1))
    assert svg.startswith('<figure class="mo-plot"><svg viewBox="0 0 600 240"'), svg[:80]
    assert "1.0" in labels(svg) or "1" in labels(svg), labels(svg)


def test_pairs_are_at_their_place():
    (line,) = drawn(plot.line([(0, 1), (10, 2), (40, 3)]).text)
    (x0, _), (x1, _), (x2, _) = points(line)
    assert abs((x2 - x1) - 3 * (x1 - x0)) < 1, line


def test_several_series_have_a_legend_and_colours():
    svg = plot.line({"north": [1, 2], "south & east": [(0, 2), (1, 1)]}).text
    equal(len(drawn(svg)), 2)
    assert "mo-legend" in svg and "south &amp; east" in svg
    equal(len(set(drawn(svg, attribute="stroke"))), 2)
    assert "mo-legend" not in plot.line([1, 2]).text


def test_series_and_places_in_an_order():
    svg = plot.line([("z", [1, 2]), ("a", [2, 1])]).text
    assert svg.find("> z <") < svg.find("> a <"), svg
    assert labels(plot.bar([("z", 1), ("a", 2)]).text)[-2:] == ["z", "a"]
    (line,) = drawn(plot.line({30: 3, 10: 1, 20: 2}).text)
    xs = [x for x, _ in points(line)]
    equal(xs, sorted(xs))


def test_gaps_part_the_line():
    for gap in (None, NAN, INFINITE, -INFINITE, (3, None), (None, 3)):
        data = (
            [1, 2, gap, 3, 4]
            if not isinstance(gap, tuple)
            else [(0, 1), (1, 2), gap, (4, 3), (5, 4)]
        )
        equal(len(drawn(plot.line(data).text)), 2, gap)
    svg = plot.line([None, 5, None, 6, 7]).text
    equal((svg.count("<circle"), len(drawn(svg))), (1, 1))


def test_no_data_says_so():
    for data in ([], {}, {"a": []}, [None], [NAN, NAN], {"a": [None], "b": []}, iter(())):
        for draw in (plot.line, plot.bar, plot.area):
            html = draw(data, title="T").text
            assert "No data yet" in html and "<figcaption>T</figcaption>" in html, html


def test_bars_stand_on_zero():
    svg = plot.bar({"Mon": 3, "Tue": -1, "Wed": None}).text
    (path,) = [text for text in drawn(svg, "path", "d") if "z" in text]
    equal(path.count("z"), 2)
    for name in ("Mon", "Tue", "Wed", "0"):
        assert name in labels(svg), labels(svg)
    up, down = path.split("z")[:2]
    zero = float(up.split(" ")[1].split("V")[0])
    assert float(up.split("V")[1].split("h")[0]) < zero < float(down.split("V")[1].split("h")[0])


def test_bars_of_several_series_are_side_by_side():
    svg = plot.bar({"a": {"x": 1, "y": 2}, "b": {"x": 3, "y": 4}}).text
    paths = [text for text in drawn(svg, "path", "d") if "z" in text]
    equal([path.count("z") for path in paths], [2, 2])
    assert "x" in labels(svg) and "y" in labels(svg)
    first = [float(path[1:].split(" ")[0]) for path in paths]
    assert first[0] < first[1]
    assert plot.bar([(10, 1), (20, 2)]).text.count("<text") > 4


def test_an_area_reaches_down_to_zero():
    svg = plot.area([5, 6]).text
    equal(len(drawn(svg, "polygon")), 1)
    assert "0" in labels(svg), labels(svg)


def test_texts_are_where_they_belong():
    svg = plot.line([1, 2], title="Heat", x_label="hours", y_label="°C").text
    assert "<figcaption>Heat</figcaption>" in svg
    assert "hours" in labels(svg) and "°C" in labels(svg)
    assert 'aria-label="Heat: line, 2 points, from 1 to 2"' in svg, svg


def test_ticks_may_be_formatted():
    svg = plot.line([(0, 1), (7200, 2)], x_format=lambda t: "%dh" % (t // 3600),
                    y_format=lambda v: "%d!" % v).text  # fmt: skip
    assert any(label.endswith("h") for label in labels(svg)), labels(svg)
    assert any(label.endswith("!") for label in labels(svg)), labels(svg)


def test_ticks_are_round_and_few():
    for low, high, count, expected in (
        (0, 10, 5, [0, 2, 4, 6, 8, 10]),
        (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-3, 7, 4, [0, 5]),
        (1013, 1021, 4, [1014, 1016, 1018, 1020]),
    ):
        first, step, many = plot.ticks(low, high, count)
        got = [first + index * step for index in range(many)]
        equal(len(got), len(expected), got)
        for a, b in zip(got, expected):
            assert abs(a - b) < 0.001, got


def test_numbers_of_every_size_are_drawn():
    for data in ([0, 0, 0], [21.5] * 4, [1e-20, 2e-20], [1e25, -1e25], [1000000, 1000003], [5],
                 [True, False], [10**40, 1], [(1700000000 + 60 * i, i) for i in range(5)],
                 [(7, 1), (7, 2)], [-5, -4]):  # fmt: skip
        for draw in (plot.line, plot.area, plot.bar):
            svg = draw(data).text
            assert "nan" not in svg and "inf" not in svg, svg
            assert len(labels(svg)) <= 40, data
            for line in drawn(svg):
                for x, y in points(line):
                    assert 0 <= x <= 600 and 0 <= y <= 241, (data, line)


def test_axes_reach_what_is_asked_for():
    texts = labels(plot.line([5, 6], y_min=0, y_max=10).text)
    assert "0" in texts and "10" in texts, texts
    equal(drawn(plot.line([0, 10], y_min=5, y_max=6).text), drawn(plot.line([0, 10]).text))


def test_more_points_than_pixels_are_thinned():
    data = [(i * 37) % 101 for i in range(3000)]
    data[1234] = 500
    svg = plot.line(data, width=300).text
    (line,) = drawn(svg)
    assert len(points(line)) < 1100, len(points(line))
    assert min([y for _, y in points(line)]) <= 10.1, "the highest point is kept"


def test_sizes():
    small = plot.line([1, 2, 3, 4]).text
    many = plot.line([n % 7 for n in range(104)]).text
    assert len(small) < 1500, len(small)
    assert (len(many) - len(small)) / 100 < 14, len(many)


def test_wrong_arguments_are_named():
    for data in (3, "text", ["a"], [(1, 2, 3)], [(1, "x")], {"a": ["b"]}, [b"x"], None):
        error = raises(TypeError, plot.line, data)
        assert "expected" in str(error), error
    for size in (0, -5, 99, 1e3, "600", 5000, True):
        raises(ValueError, plot.line, [1], width=size)
        raises(ValueError, plot.line, [1], height=size)
    raises(ValueError, plot.line, {str(n): [1] for n in range(13)})
    raises(ValueError, plot.bar, range(201))
    raises(ValueError, plot.line, endless())


def endless():
    while True:
        yield 1


def test_hostile_texts_stay_texts():
    for made in (
        plot.line({HOSTILE: [1, 2]}, title=HOSTILE, x_label=HOSTILE, y_label=HOSTILE),
        plot.bar({HOSTILE: 1}, title=HOSTILE, y_format=lambda v: HOSTILE),
        plot.line([(HOSTILE, 1), (HOSTILE + "2", 2)], y_label=HOSTILE),
        plot.area([1, 2], x_format=lambda v: HOSTILE),
    ):
        assert "<img" not in made.text and "'\"" not in made.text, made.text
