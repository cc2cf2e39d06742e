"""marimo/tokens.py: what Python source is made of."""

from expect import equal, raises
from marimo import tokens
from marimo.tokens import TokenError, Tokens

_KINDS = {
    tokens.NAME: "name", tokens.NUMBER: "number", tokens.STRING: "string",
    tokens.F_STRING: "f", tokens.F_OPEN: "f{", tokens.F_CLOSE: "f}", tokens.NEWLINE: "end",
    tokens.INDENT: "in", tokens.DEDENT: "out", tokens.OPERATOR: "op", tokens.WALRUS: "walrus",
    tokens.AUGMENTED: "assigns", tokens.ARROW: "arrow",
}  # fmt: skip

# Source, its tokens: "kind text", or the text alone for names and single characters.
CASES = (
    ("a = b.c", "a = b . c end"),
    ("a1_ _b\n", "a1_ _b end"),
    ("\u00e4\u00f6 = '\u2192'", "\u00e4\u00f6 = string'\u2192' end"),
    ("# only\n\n  # comments\nx # and one\n", "x end"),
    ("1 1.5 .5 1e-3 0xFF+1 1_0j 1.", "number1 number1.5 number.5 number1e-3 number0xFF op+ "
     "number1 number1_0j number1. end"),
    ("a[1:2], b", "a [ number1 : number2 ] , b end"),
    ("a+=1; b**=2; c//=3; d>>=4", "a assigns+= number1 ; b assigns**= number2 ; c assigns//= "
     "number3 ; d assigns>>= number4 end"),
    ("a==b!=c<=d>=e", "a op== b op!= c op<= d op>= e end"),
    ("(y := f(x)) -> z", "( y walrus:= f ( x ) ) arrow-> z end"),
    ("a ** b // c << d @ e * f", "a op** b op// c op<< d @ e * f end"),
    ("if a:\n  b\n  if c:\n\td\ne", "if a : end in b end if c : end in d end out out e end"),
    ("f(a,\n  b)\nc", "f ( a , b ) end c end"),
    ("a = \\\n  b", "a = b end"),
    ("'it\\'s' \"x\\\\\" r'\\'' b'' rb\"y\" u'z'",
     "string'it\\'s' string\"x\\\\\" stringr'\\'' stringb'' stringrb\"y\" stringu'z' end"),
    ('"""a\n"b" \\"""\n""" c', 'string"""a\n"b" \\"""\n""" c end'),
    ("'a\\\nb' c", "string'a\\\nb' c end"),
    ("x'y'", "x string'y' end"),
    ("f'no {{expressions}}' a", "ff' a end"),
    ("f'{a}'", "ff' f{{ a f}} end"),
    ("rF'{a}\\{b}' c", "frF' f{{ a f}} f{{ b f}} c end"),
    ("f'{a!r:>{w}.{p}} {b=} {c = !s}'",
     "ff' f{{ a f}: f{{ w f}} f{{ p f}} f{{ b f}} f{{ c f}} end"),
    ("f'{a != b} {f(x=1)} {d[1:2]} {(y:=2)}'", "ff' f{{ a op!= b f}} f{{ f ( x = number1 ) f}} "
     "f{{ d [ number1 : number2 ] f}} f{{ ( y walrus:= number2 ) f}} end"),
    ("f'{a['b']}' f\"{f'{c}'}\"", "ff' f{{ a [ string'b' ] f}} ff\" f{{ ff' f{{ c f}} f}} end"),
    ("f'''{\na}\n{{'{b}''' c", "ff''' f{{ a f}} f{{ b f}} c end"),
    ("f'\\N{DASH}{a}\\'' b", "ff' f{{ a f}} b end"),
    ("", ""),
)  # fmt: skip

MISTAKES = (
    ("a = 'b", 5, "never closed"),
    ("a = 'b\nc = 'd'", 5, "not closed on its line"),
    ("a = 'b\\", 5, "never closed"),
    ('x\na = """b\n\n', 9, "never closed"),
    ("f'{a", 2, "never closed"),
    ("f'a", 2, "never closed"),
    ("f(a\nb", 1, "never closed"),
    ("f(a\n@b", 1, "never closed"),
    ("a)", 1, "nothing is open"),
    ("(a]", 2, "nothing is open"),
    ("if a:\n    b\n  c", 14, "indentation"),
    ("a \\ b", 2, "backslash"),
    ("a \\", 2, "backslash"),
    ("a ? b", 2, "'?'"),
    ("a $", 2, "'$'"),
    ("\0", 0, "expected Python"),
    ("(" * 101, 100, "too many brackets"),
)


def texts(source, **options):
    """The tokens of ``source`` as in CASES."""
    reader = Tokens((source + "\n").encode(), **options)
    found = []
    while reader.advance() != tokens.END:
        kind = _KINDS.get(reader.kind)
        if kind == "name":
            found.append(reader.text())
        elif kind in ("end", "in", "out"):
            found.append(kind)
        else:
            found.append((kind or "") + reader.text())
    return " ".join(found)


def test_tokens_are_those_of_python():
    for source, expected in CASES:
        equal(texts(source), expected, source)


def test_what_is_no_token_is_an_error_at_its_place():
    for source, at, words in MISTAKES:
        error = raises(TokenError, texts, source)
        assert words in str(error), (source, str(error))
        equal(error.at, at, source)


def test_a_token_can_be_read_again():
    reader = Tokens(b"a b\n")
    reader.advance()
    reader.again()
    equal(reader.advance(), tokens.NAME)
    equal(reader.text(), "a")
    reader.advance()
    equal(reader.text(), "b")


def test_the_end_is_given_for_ever():
    reader = Tokens(b"\n")
    for _ in range(3):
        equal(reader.advance(), tokens.END)


def test_reading_begins_where_it_is_told_to():
    reader = Tokens(b"a (\nb\n", 4)
    reader.advance()
    equal((reader.text(), reader.start, reader.end), ("b", 4, 5))


def test_strings_over_several_lines_are_noted():
    reader = Tokens(b'a = """\n"""\nb = "c"\nd = f"""{e}\n{"""\n"""}"""\n')
    reader.literals = []
    while reader.advance() != tokens.END:
        pass
    equal(reader.literals, [(4, 11), (24, 44)])


def test_the_depth_of_indentation_is_limited():
    source = "".join([" " * depth + "if a:\n" for depth in range(102)])
    error = raises(TokenError, texts, source)
    assert "indentation" in str(error)
