#!/usr/bin/env python3
"""Writes decimal_reference.txt: what Python's decimal module, an independent implementation, gives for random operations.

Run it without arguments after a change here; the same seed gives the same file. One case a line: the operation, its operands, its
result, or `none` where there is no finite one.

  add sub mul div mod sqrt X [Y]       rounded half to even at the 34th digit
  pow X N                              N an integer; correctly rounded
  exp log power X [Y]                  correctly rounded; the test allows the last digit to differ
  cmp X Y                              -1, 0 or 1
  MODE PLACES X                        rounded to so many places, MODE is a name of kontor::Rounding
  text T                               T as Decimal::str() writes it
"""
import random
from decimal import (ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP,
                     Context, Decimal, DivisionByZero, InvalidOperation, Overflow)
from pathlib import Path

TRAPS = [InvalidOperation, DivisionByZero, Overflow]
DECIMAL128 = Context(prec=34, rounding=ROUND_HALF_EVEN, Emax=6144, Emin=-6143, clamp=1, traps=TRAPS)
WIDE = Context(prec=120, rounding=ROUND_HALF_EVEN, Emax=999999, Emin=-999999, traps=TRAPS)
MODES = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "half_down": ROUND_HALF_DOWN, "up": ROUND_UP, "down": ROUND_DOWN,
         "floor": ROUND_FLOOR, "ceiling": ROUND_CEILING}

rng = random.Random(34)


def digits(count):
    kind = rng.randrange(6)
    if kind == 0:
        return 10 ** count - 1 - rng.randrange(3)
    if kind == 1:
        return 10 ** (count - 1) + rng.randrange(3)
    if kind == 2:
        return rng.randrange(10 ** count) // 10 ** (count // 2) * 10 ** (count // 2)
    return rng.randrange(10 ** count)


def number(spread=30):
    coefficient = digits(rng.choice([1, 2, 3, 5, 8, 12, 17, 18, 19, 20, 33, 34, rng.randint(1, 34)]))
    exponent = rng.choice([0, -2, -2, -1, -4, rng.randint(-spread, spread)])
    return canonical(Decimal(f"{rng.choice(['', '', '-'])}{coefficient}E{exponent}"))


def extreme():
    if rng.randrange(2):
        return number()
    return canonical(DECIMAL128.create_decimal(f"{rng.choice(['', '-'])}{digits(rng.randint(1, 34))}E{rng.choice([-1, 1]) * rng.randint(6050, 6110)}"))


def canonical(value):
    """Kontor has no negative zero."""
    return value.copy_abs() if value.is_zero() else value


def result(call):
    try:
        return str(canonical(call()))
    except (InvalidOperation, DivisionByZero, Overflow):
        return "none"


def exactly(call):
    """Computed with many digits, then rounded once."""
    return result(lambda: DECIMAL128.plus(call(WIDE)))


def modulo(x, y, context):
    quotient = context.divide(x, y).to_integral_value(ROUND_FLOOR)
    return context.subtract(x, context.multiply(y, quotient))


def rounded(value, places, mode):
    """Pads only as far as 34 digits allow."""
    exponent = value.as_tuple().exponent
    if -places < exponent and not value.is_zero():
        places = min(places, 34 - len(value.as_tuple().digits) - exponent)
    return value.quantize(Decimal((0, (1,), -places)), MODES[mode], Context(prec=80, Emax=9999, Emin=-9999))


def text_of(value):
    """The rule that decimal.hpp states."""
    sign, figures, exponent = value.as_tuple()
    adjusted = len(figures) - 1 + exponent
    if exponent <= 0 and adjusted >= -34:
        return format(value, "f")
    figures = "".join(map(str, figures))
    fraction = "." + figures[1:] if len(figures) > 1 else ""
    return f"{'-' if sign else ''}{figures[0]}{fraction}E{adjusted:+d}"


def cases():
    for name in ("add", "subtract", "multiply", "divide"):
        for make in [number] * 350 + [extreme] * 100:
            x, y = make(), make()
            yield name[:3], x, y, result(lambda: getattr(DECIMAL128, name)(x, y))
    for _ in range(200):
        x, y = number(), number()
        yield "mod", x, y, exactly(lambda context: modulo(x, y, context))
        y = canonical(Decimal(rng.randrange(1, 100)) if rng.randrange(2) else x)
        yield "cmp", x, y, int(x.compare(y))
        yield "cmp", x, number(), None
    for _ in range(100):
        x = number().copy_abs()
        yield "sqrt", x, result(lambda: DECIMAL128.sqrt(x))
        yield "log", x, exactly(lambda context: context.ln(x)) if x else "none"
        x = Decimal(rng.randrange(-10 ** 8, 10 ** 8)).scaleb(-rng.randint(3, 10))
        yield "exp", x, exactly(lambda context: context.exp(x))
        x, y = Decimal(rng.randrange(1, 10 ** 8)).scaleb(-rng.randint(0, 10)), Decimal(rng.randrange(-10 ** 5, 10 ** 5)).scaleb(-rng.randint(1, 6))
        yield "power", x, y, exactly(lambda context: context.power(x, y))
    for _ in range(150):
        x = Decimal(rng.randrange(-10 ** 10, 10 ** 10)).scaleb(-rng.randint(5, 10))
        n = rng.choice([0, 1, 2, 3, -1, -2, 12, 360, -360, rng.randint(-100, 100)])
        yield "pow", x, Decimal(n), exactly(lambda context: context.power(x, n)) if x or n > 0 else "1" if n == 0 else "none"
        x = 1 + Decimal(rng.randrange(1, 10 ** 6)).scaleb(-rng.randint(7, 9))   # interest
        yield "pow", x, Decimal(360), exactly(lambda context: context.power(x, 360))
    for mode in MODES:
        for _ in range(60):
            x, places = number(), rng.choice([0, 1, 2, 2, 3, -1, -3, rng.randint(-40, 40)])
            if rng.randrange(2):   # a tie, or just beside one
                x = canonical(Decimal(f"{rng.choice(['', '-'])}{rng.randrange(10 ** 6)}5{rng.choice(['', '0', '1', '000'])}E{-places - 1}"))
            yield mode, places, x, canonical(rounded(x, places, mode))
    for _ in range(150):
        x = rng.choice([number, extreme])()
        yield "text", x, text_of(x)
        x = number(60)
        yield "text", rng.choice([format(x, "f"), str(x).lower()]) if len(format(x, "f").strip("-0.").replace(".", "")) <= 34 and x.as_tuple().exponent <= 0 else x, text_of(x)


def main():
    lines = []
    for case in cases():
        if case[-1] is None:
            case = case[:-1] + (int(case[1].compare(case[2])),)
        lines.append(" ".join(map(str, case)))
    Path(__file__).with_suffix(".txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
