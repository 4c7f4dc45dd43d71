"""Words that answer a question of the hall's: yes, no, leave it; and what is none of them."""

from __future__ import annotations

import re
from typing import Final

from commands.parser.normalising import NormalisedText, normalise

YES: Final = frozenset({"Y", "YES", "是", "1"})
ORDERS: Final = frozenset({"是", "YES"})  # what a 二次确认 takes
AGREES: Final = YES - {"1"} | frozenset(
    {"是的", "对", "对的", "好", "好的", "嗯", "要", "要的", "行", "可以", "OK", "OKAY", "SURE"}
)
"""What takes the one thing that a list offers. Whatever it costs is asked for again."""
LEAVES: Final = frozenset(
    {
        "N", "NO", "否", "0", "不", "不要", "不要了", "不用", "不用了", "不办", "不办了", "不订",
        "不订了", "不开", "不开了", "不充了", "不查了", "不需要", "不同意", "不确认", "不可以",
        "不行", "不是", "否定", "别", "别办", "别办了", "别开", "别开了", "别订", "算了", "算了吧",
        "取消", "取消了", "取消吧", "退出", "放弃", "停止", "返回", "没事", "没事了",
        "NOPE", "NO THANKS", "NO THANK YOU", "CANCEL", "STOP", "EXIT", "QUIT", "END", "ABORT",
        "NEVER MIND", "NEVERMIND", "FORGET IT", "DONT", "DON'T", "不了", "别了", "先不办",
        "先不办了", "暂不", "暂不办理", "不办理", "不订购", "不开通", "不退了", "不改了",
    }
)  # fmt: skip
"""Words that leave whatever was asked."""
ENDS: Final = frozenset({"T", "TD", "退订", "退", "退了", "UNSUBSCRIBE"})
"""At a confirm they say no; but where something is to be ended, that it is wanted."""
NO: Final = LEAVES | ENDS | frozenset({"0000", "00000", "TDCX"})
"""And those that are commands elsewhere: at a confirm they say no."""

# C1.1: all that may be dropped before a word is taken for a yes
_PLAIN: Final = frozenset(" 。｡.!\"'`“”‘’„‟«»「」『』")
_QUESTION: Final = re.compile(
    "[吗么嘛呢啥谁哪]|是不是|能不能|可不可以|会不会|要不要|有没有|什么|多少|几[元块天个]|如何|是否"
    r"|\b(?:WHAT|WHY|HOW|WHO|WHEN|WHICH)\b"
)
_AGAINST: Final = re.compile(
    "不[要想用订办开]|取消|退|别[办开订要给再]|\\b(?:CANCEL|STOP|NOT|DON'?T)\\b"
)


_ENDING: Final = re.compile("退|UNSUBSCRIBE")
_NOT: Final = re.compile("[不别没唔]|算了|反悔|取消|\\b(?:NO|NOT|DON'?T|CANCEL|STOP)\\b")


_BEFORE: Final = re.compile("^(?:那就|那|还是|我要|我想|我|请|帮我|麻烦|先|都)+")
_BEHIND: Final = re.compile("(?:了|吧|啊|呀|哦|啦|谢谢|[ ,，])+$")


def is_cancel_word(text: str) -> bool:
    """It is a word that leaves whatever was asked."""
    return is_one_of(LEAVES, normalise(text).upper)


def is_one_of(words: frozenset[str], text: str) -> bool:
    """In upper case; alone, or with what people put around a word: 那还是算了吧."""
    bare = _BEFORE.sub("", text)
    return not words.isdisjoint((text, bare, _BEHIND.sub("", bare)))


def wants_an_end(said: NormalisedText) -> bool:
    """退了吧, 确认退订: it says that something is to be ended, and nothing against it."""
    return _ENDING.search(said.upper) is not None and _NOT.search(said.upper) is None


def is_bare_word(said: NormalisedText) -> bool:
    """Nothing was dropped but full stops, exclamation marks, quotation marks and blanks."""
    return _PLAIN.issuperset(said.dropped)


def is_doubtful(said: NormalisedText) -> bool:
    """A question that does not say no: who asks has agreed to nothing, nor refused it."""
    asks = "?" in said.dropped or _QUESTION.search(said.upper) is not None
    return asks and _AGAINST.search(said.upper) is None
