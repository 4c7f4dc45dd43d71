"""Reading numbers back from words, the other way round than they are said."""

from __future__ import annotations

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "幺": 1}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {word: number for number, word in enumerate(_ONES.split())}
_ENGLISH |= {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}


def chinese(text: str) -> int:
    """The number that a Chinese text says."""
    if text.startswith("负"):
        return -chinese(text[1:])
    total = group = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _PLACES:
            group += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            total = (total + group + digit) * {"万": 10**4, "亿": 10**8}[character]
            group = digit = 0
            if character == "万":
                # what stands before 亿 is worth no 万
                above, below = divmod(total, 10**12)
                total = above * 10**8 + below
    return total + group + digit


def chinese_fen(text: str) -> int:
    """The amount that a Chinese text says, in fen."""
    if text.startswith("负"):
        return -chinese_fen(text[1:])
    yuan, mark, rest = text.partition("元")
    if not mark:
        yuan, rest = "零", text
    jiao, mark, fen = rest.partition("角")
    if not mark:
        jiao, fen = "零", rest
    return 100 * chinese(yuan) + 10 * chinese(jiao) + chinese(fen.removesuffix("分"))


def english(text: str) -> int:
    """The number that an English text says."""
    if text.startswith("minus "):
        return -english(text.removeprefix("minus "))
    total = group = 0
    for word in text.replace("-", " ").split():
        match word:
            case "hundred":
                group *= 100
            case "thousand" | "million" | "billion":
                total += group * {"thousand": 1000, "million": 10**6, "billion": 10**9}[word]
                group = 0
            case _:
                group += _ENGLISH[word]
    return total + group
