"""The language in which texts are written: facts through filters, if, for over what is given, and
other texts put in. Nothing of it can multiply, count or call, so no text takes long or grows large:

    {{ fee|price }}元/月{% if includes %},含{{ includes|included }}{% endif %}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Final

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.wording.tariff_references import REFERENCE

LONGEST: Final = 4_000  # signs of a text as it is written
DEEPEST: Final = 8  # if and for inside of each other, and brackets
QUOTES: Final = 4  # other texts put into one
_WORDS: Final = 60  # names and signs between {{ and }}
_LONGEST_WORD: Final = 200
_LONGEST_NUMBER: Final = 9  # digits
TARIFF: Final = "tariff"
"""In a text that was read: what the tariff says, by reference."""
_QUOTE: Final = "text"  # {{ text("state.arrears") }} says another text
HOW: Final = "Facts stand like {{ fact|filter }}"

_PARTS: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter,
    nodes.Getattr, nodes.Getitem, nodes.If, nodes.For, nodes.CondExpr, nodes.Call, nodes.Concat,
    nodes.Compare, nodes.Operand, nodes.Tuple, nodes.And, nodes.Or, nodes.Not, nodes.Keyword,
)  # fmt: skip
_SIGNS: Final = {
    "Mul": "*", "Pow": "**", "Mod": "%", "Add": "+", "Sub": "-", "Div": "/", "FloorDiv": "//",
    "Neg": "-", "Pos": "+", "List": "[…]", "Dict": "{…}", "Slice": "[:]", "Test": "is",
    "Assign": "set", "AssignBlock": "set", "CallBlock": "call", "FilterBlock": "filter",
    "FromImport": "import",
}  # fmt: skip


def environment(
    filters: Mapping[str, Callable[..., object]], finalize: Callable[[object], object]
) -> ImmutableSandboxedEnvironment:
    """With these filters and nothing else that a text could name."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=finalize, autoescape=False
    )
    made.filters, made.tests, made.globals = {"length": len, **filters}, {}, {}
    return made


def parsed(environment: ImmutableSandboxedEnvironment, source: str) -> nodes.Template:
    """A text as Jinja2 reads it, if it keeps to the language. Raises TemplateSyntaxError."""
    _small(environment, source)
    template = environment.parse(source)
    for what in _foreign(template, environment.filters):
        raise TemplateSyntaxError(what, 1)
    return template


@lru_cache(maxsize=4096)
def quotes(template: nodes.Template) -> frozenset[tuple[str, bool]]:
    """The ids of the texts that a text says, and whether each is only how they begin."""
    return frozenset(_quotes(template))


def _quotes(template: nodes.Template) -> Iterator[tuple[str, bool]]:
    for call in template.find_all(nodes.Call):
        match call.args:
            case [nodes.Const(value=str(name))]:
                yield name, False
            case [nodes.Concat(nodes=[nodes.Const(value=str(name)), *_])]:
                yield name, True
            case _:
                pass


@lru_cache(maxsize=4096)
def plain_words(template: nodes.Template) -> str:
    """What the text says itself, without its facts."""
    return "\n".join(part.data for part in template.find_all(nodes.TemplateData))


def _small(environment: ImmutableSandboxedEnvironment, source: str) -> None:
    """Whatever is small can be parsed without much ado: the parser goes down into brackets."""
    if len(source) > LONGEST:
        raise TemplateSyntaxError(f"it has more than {LONGEST:,} signs", 1)
    words = blocks = brackets = 0
    for _, kind, word in environment.lex(source):
        if kind in ("variable_begin", "block_begin"):
            words = brackets = 0
        words += kind != "whitespace"
        brackets += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if kind == "name" and word in ("if", "for", "endif", "endfor") and words == 2:
            blocks += -1 if word.startswith("end") else 1
        if max(blocks, brackets) > DEEPEST:
            raise TemplateSyntaxError(f"it goes more than {DEEPEST} levels deep", 1)
        if kind == "data":
            continue
        longest = _LONGEST_NUMBER if kind in ("integer", "float") else _LONGEST_WORD
        if words > _WORDS or len(word) > longest:
            raise TemplateSyntaxError("what stands between two braces is too long", 1)


def _foreign(node: nodes.Node, filters: Collection[str], loops: int = 0) -> Iterator[str]:
    """What does not belong to the language."""
    match node:
        case nodes.TemplateData(data=data) if stray := set(data) & set("{}｛｝"):
            yield f"a '{min(stray)}' that belongs to no {{{{ fact }}}}"
        case nodes.Filter(name=name) if name not in filters:
            yield f"No filter named '{name}'"
        case nodes.Call():
            yield from _quoting(node)
        case nodes.For():
            loops += 1
            if loops > 1 or node.recursive or node.test is not None or node.else_:
                yield "a for stands in no other for, and has no if, else or recursive"
            if not isinstance(node.iter, nodes.Name | nodes.Getattr):
                yield "a for goes through a fact and nothing else"
        case _ if not isinstance(node, _PARTS):
            kind = type(node).__name__
            yield f"'{_SIGNS.get(kind, kind.lower())}' is no part of a text"
        case _:
            pass
    for child in node.iter_child_nodes():
        yield from _foreign(child, filters, loops)


def _quoting(call: nodes.Call) -> Iterator[str]:
    if not (isinstance(call.node, nodes.Name) and call.node.name == _QUOTE):
        name = getattr(call.node, "name", getattr(call.node, "attr", "that"))
        yield f"'{name}' cannot be called"
    elif call.dyn_args is not None or call.kwargs or not list(_quotes(nodes.Template([call]))):
        yield 'another text is said by its id, like text("state.arrears") or text("state." ~ state)'


@lru_cache(maxsize=4096)
def facts(template: nodes.Template) -> frozenset[str]:
    """The facts that a text names, also where it would say them only under a condition."""
    return frozenset(_named(template, frozenset([_QUOTE, TARIFF])))


def said_facts(template: nodes.Template) -> Iterator[tuple[str, str]]:
    """The facts that a text says by themselves, each with the filter that it goes through last;
    empty: none."""
    for output in template.find_all(nodes.Output):
        for node in output.nodes:
            match node:
                case nodes.Filter(node=nodes.Name(name=fact), name=filter):
                    yield fact, filter
                case nodes.Name(name=fact):
                    yield fact, ""
                case _:
                    pass


@lru_cache(maxsize=4096)
def tariff_references(template: nodes.Template) -> frozenset[str]:
    """What a text takes from the tariff: price:LL10."""
    return frozenset(
        str(item.arg.value)
        for item in template.find_all(nodes.Getitem)
        if isinstance(item.node, nodes.Name)
        and item.node.name == TARIFF
        and isinstance(item.arg, nodes.Const)
    )


def with_tariff(source: str) -> str:
    """A text with {price:LL10} as Jinja2 reads it."""
    return REFERENCE.sub(lambda found: f'{{{{ {TARIFF}["{found[1]}"] }}}}', source)


def _named(node: nodes.Node, bound: frozenset[str]) -> Iterator[str]:
    match node:
        case nodes.Name(name=name):
            if name not in bound:
                yield name
        case nodes.For():
            yield from _named(node.iter, bound)
            own = {name.name for name in (node.target, *node.target.find_all(nodes.Name))
                   if isinstance(name, nodes.Name)}  # fmt: skip
            for child in node.body:
                yield from _named(child, bound | own | {"loop"})
        case _:
            for child in node.iter_child_nodes():
                yield from _named(child, bound)


def misquotes(texts: Mapping[str, nodes.Template]) -> Iterator[tuple[str, str]]:
    """Texts that put in what is not there, or others that put in others that put in others: so none
    can say itself, nor grow by saying others many times. By id, and what is wrong."""
    quoting: dict[str, set[str]] = {}
    for name, template in texts.items():
        quoting[name] = set()
        named = sorted(quotes(template))
        if len(named) > QUOTES:
            yield name, f"it puts in more than {QUOTES} other texts"
        for begins, is_begin in named:
            meant = {t for t in texts if (t.startswith(begins) if is_begin else t == begins)}
            if not meant:
                yield name, f"there is no text '{begins}{'…' if is_begin else ''}' to put in"
            quoting[name] |= meant
    plain = {name for name, meant in quoting.items() if not meant}
    once = plain | {name for name, meant in quoting.items() if meant <= plain}
    for name, meant in quoting.items():
        if deep := meant - once:
            yield name, f"it puts in '{min(deep)}', which puts in itself, or what puts in others"
