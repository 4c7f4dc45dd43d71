"""Log events as they are written in the source: found in its syntax, without running it.

An event is `log.event("name", fact=…)`, or a dict with the key "event". Where its name or its facts
stand in a variable, they are looked up in the function around it; where the name is a parameter,
the calls of that function in the same file are looked at instead.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Unclear(Exception):
    """The name of an event cannot be told from the source; the text says where."""


@dataclass(frozen=True, slots=True)
class Written:
    """One place where an event is written."""

    event: str
    facts: tuple[str, ...]
    file: str
    function: str


def events_in(file: str, text: str) -> Iterator[Written]:
    """In the order of the source. Raises Unclear, and SyntaxError."""
    yield from _File(file, ast.parse(text)).events()


def events_under(root: Path, packages: Sequence[str]) -> list[Written]:
    """Of all files of the packages, in the order of their names."""
    files = sorted(file for package in packages for file in (root / package).rglob("*.py"))
    return [
        written
        for file in files
        for written in events_in(str(file.relative_to(root)), file.read_text(encoding="utf-8"))
    ]


class _File:
    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name = name
        self._tree = tree
        pairs = ((node, below) for node in ast.walk(tree) for below in ast.iter_child_nodes(node))
        self._above = {below: node for node, below in pairs}

    def events(self) -> Iterator[Written]:
        for node in ast.walk(self._tree):
            name: ast.expr | None
            match node:
                case ast.Call(func=ast.Attribute(attr="event"), args=[name, *_]):
                    yield from self._written(node, name, self._keywords(node))
                case ast.Dict() if name := _value_of("event", node):
                    yield from self._written(node, name, self._keys(node))

    def _written(self, node: ast.AST, name: ast.expr, facts: Sequence[str]) -> Iterator[Written]:
        function = self._around(node)
        if function and isinstance(name, ast.Name) and name.id in _parameters(function):
            if function.name == "event":  # the log itself: its calls are found on their own
                return
            yield from self._through(function, name.id, facts)
            return
        where = function.name if function else "the module"
        for event in self._texts(name):
            yield Written(event, _once(facts), self._name, where)

    def _through(
        self, function: Function, parameter: str, facts: Sequence[str]
    ) -> Iterator[Written]:
        """The events that callers of this function name."""
        parameters = _parameters(function)
        place = parameters.index(parameter) - (parameters[:1] == ["self"])
        calls = [
            (node, given)
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Call) and _called(node) == function.name
            if (given := _argument(node, place, parameter))
        ]
        if not calls:
            raise Unclear(f"{self._name}:{function.lineno}: {function.name}({parameter})")
        for node, given in calls:
            own = [fact for fact in self._keywords(node) if fact != parameter]
            yield from self._written(node, given, [*facts, *own])

    def _texts(self, name: ast.expr) -> Iterator[str]:
        """What the name may be."""
        match name:
            case ast.Constant(value=str() as text):
                yield text
            case ast.IfExp():
                for side in _sides(name):
                    yield from self._texts(side)
            case ast.Name(id=variable) if values := self._values(variable, name):
                for value in values:
                    yield from self._texts(value)
            case _:
                raise Unclear(f"{self._name}:{name.lineno}: {ast.unparse(name)}")

    def _keywords(self, call: ast.Call) -> list[str]:
        facts: list[str] = []
        for keyword in call.keywords:
            facts += [keyword.arg] if keyword.arg else self._spread(keyword.value)
        return facts

    def _keys(self, facts: ast.Dict) -> list[str]:
        names: list[str] = []
        for key, value in zip(facts.keys, facts.values, strict=True):
            if key is None:
                names += self._spread(value)
            elif isinstance(key, ast.Constant) and key.value != "event":
                names.append(str(key.value))
        return names

    def _spread(self, facts: ast.expr) -> list[str]:
        """The keys of `**facts`, as far as the function around it shows them."""
        match facts:
            case ast.Dict():
                return self._keys(facts)
            case ast.IfExp() | ast.BinOp():
                return [key for side in _sides(facts) for key in self._spread(side)]
            case ast.Name(id=name) if function := self._around(facts):
                values = self._values(name, facts)
                return [key for v in values for key in self._spread(v)] + _added(name, function)
            case _:
                return []

    def _values(self, name: str, node: ast.AST) -> list[ast.expr]:
        """What the name of this node may stand for: in the functions around it, or the file."""
        around = self._around(node)
        while around is not None:
            if values := _assigned(name, around):
                return values
            around = self._around(around)
        constants = [each for each in self._tree.body if not isinstance(each, Function)]
        return [value for each in constants for value in _assigned(name, each)]

    def _around(self, node: ast.AST) -> Function | None:
        above = self._above.get(node)
        while above is not None and not isinstance(above, Function):
            above = self._above.get(above)
        return above


def _value_of(key: str, facts: ast.Dict) -> ast.expr | None:
    for name, value in zip(facts.keys, facts.values, strict=True):
        if isinstance(name, ast.Constant) and name.value == key:
            return value
    return None


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """What is given for a parameter, by its place or by its name."""
    if place < len(call.args):
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _assigned(name: str, scope: ast.AST) -> list[ast.expr]:
    """All values that the name gets there; of `facts = {…} | facts` only what is new."""
    values: list[ast.expr] = []
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                values.append(value)
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if (
                target == name
            ):
                values.append(value)
    sides = [side for value in values for side in _sides(value)]
    return [side for side in sides if not isinstance(side, ast.Name) or side.id != name]


def _sides(value: ast.expr) -> list[ast.expr]:
    """Of `a | b` and `a if … else b`, both."""
    match value:
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            return [*_sides(one), *_sides(other)]
    return [value]


def _added(name: str, scope: ast.AST) -> list[str]:
    """The keys of `name["key"] = …`."""
    return [
        str(target.slice.value)
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Name)
        and target.value.id == name
        and isinstance(target.slice, ast.Constant)
    ]


def _once(facts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facts))
