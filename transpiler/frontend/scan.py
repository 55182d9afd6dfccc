"""Which globals a piece of source refers to, by Python's own scoping rules.

libcst's scope provider costs three times as much as parsing, and wants whole modules;
a statement at a time, when something needs it, is all that tree shaking reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import libcst as cst

from transpiler.frontend.mentions import (
    FACTORIES,
    GENERIC_NAMES,
    Reference,
    Role,
    Scan,
    StringAnnotation,
    StringNode,
)
from transpiler.frontend.scopes import (
    LocalImport,
    Scope,
    bindings,
    bound_directly,
    checked_branch,
    children,
    field_names,
    last_name,
    mangled,
    open_scope,
    parameters,
    target_names,
)


def scan(nodes: Iterable[cst.CSTNode], class_name: str = "") -> Scan:
    """Find every reference to a global in statements or expressions of a module."""
    scanner = _Scanner()
    module = Scope("module", class_name=class_name)
    binds: set[str] = set()
    for node in nodes:
        binds |= {bound.name for bound in bindings(node)}
        scanner.visit(node, module)
    found = scanner.references
    stores = (r for r in found if r.role in ("store", "import") and not r.checking)
    declares = frozenset(r.name for r in stores if not r.eager)
    imports = tuple(scanner.local_imports)
    return Scan(tuple(found), imports, frozenset(binds), declares)


class _Scanner:
    """Walks the source in the order of evaluation; the state says what it is in."""

    def __init__(self) -> None:
        self.references: list[Reference] = []
        self.local_imports: list[LocalImport] = []
        self.lazy = False
        self.annotating = False
        self.checking = False  # Only type checkers see it.
        self.typed = False  # A string here is a type, unless it is a field's name.
        self.within: tuple[str, ...] = ()
        self.string: StringAnnotation | None = None
        self.debug: cst.FormattedStringExpression | None = None
        self.assigned: set[int] = set()
        self.called: set[int] = set()
        self.plain: set[int] = set()

    def visit(self, node: cst.CSTNode, scope: Scope) -> None:
        """Record the references in a node."""
        match node:
            case cst.Name() | cst.Attribute():
                self._chain(node, scope)
            case cst.FunctionDef():
                self._function(node, scope)
            case cst.ClassDef():
                self._class(node, scope)
            case cst.Lambda():
                self._defaults(node.params, scope)
                self._body(node.body, node.params, scope, id(node) not in self.called)
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() | cst.DictComp():
                self._comprehension(node, scope)
            case cst.SimpleString() | cst.ConcatenatedString():
                self._string(node, scope)
            case cst.Import() | cst.ImportFrom():
                self._import(node, scope)
            case cst.Global():
                for item in node.names:
                    self._name(item.name, scope, "declare")
            case cst.Annotation():
                self._annotation(node.annotation, scope)
            case cst.Call():
                self._call(node, scope)
            case cst.Subscript():
                self._subscript(node, scope)
            case cst.If():
                self._if(node, scope)
            case cst.MatchKeywordElement():
                self.visit(node.pattern, scope)
            case cst.FormattedStringExpression(equal=cst.AssignEqual()):
                outer, self.debug = self.debug, node
                self._children(node, scope)
                self.debug = outer
            case cst.Param() | cst.Nonlocal():
                pass
            case cst.For():
                self.visit(node.iter, scope)
                self._store(node.target, scope)
                for part in (node.body, *filter(None, [node.orelse])):
                    self.visit(part, scope)
            case _:
                self._statement(node, scope)

    def _if(self, node: cst.If, scope: Scope) -> None:
        outer, unseen = self.checking, checked_branch(node)
        for part in (node.test, node.body, *filter(None, [node.orelse])):
            self.checking = outer or part is unseen
            self.visit(part, scope)
        self.checking = outer

    def _children(self, node: cst.CSTNode, scope: Scope) -> None:
        for child in children(node):
            self.visit(child, scope)

    def _statement(self, node: cst.CSTNode, scope: Scope) -> None:
        match node:
            case cst.Assign():
                self.visit(node.value, scope)
                for target in node.targets:
                    self._store(target.target, scope)
            case cst.AnnAssign():
                self._ann_assign(node, scope)
            case cst.AugAssign() | cst.NamedExpr():
                self.visit(node.value, scope)
                self._store(node.target, scope)
            case cst.Del(target=target):
                self._store(target, scope, "delete")
            case cst.WithItem():
                self.visit(node.item, scope)
                if node.asname is not None:
                    self._store(node.asname.name, scope)
            case cst.ExceptHandler() | cst.ExceptStarHandler():
                if node.type is not None:
                    self.visit(node.type, scope)
                if node.name is not None:
                    self._store(node.name.name, scope)
                self.visit(node.body, scope)
            case cst.MatchAs() | cst.MatchStar() | cst.MatchMapping():
                names = {id(name) for name in bound_directly(node)}
                for child in children(node):
                    if id(child) in names:
                        self._store(child, scope)
                    else:
                        self.visit(child, scope)
            case cst.TypeAlias():
                self._type_alias(node, scope)
            case _:
                self._children(node, scope)

    # Names

    def _chain(self, node: cst.Name | cst.Attribute, scope: Scope) -> None:
        nodes: list[cst.CSTNode] = [node]
        inner: cst.CSTNode = node
        while isinstance(inner, cst.Attribute):
            inner = inner.value
            nodes.append(inner)
        if not isinstance(inner, cst.Name):
            self.visit(inner, scope)
            return
        if inner.value in ("True", "False", "None"):
            return
        nodes.reverse()
        path = tuple(n.attr.value for n in nodes[1:] if isinstance(n, cst.Attribute))
        self._name(inner, scope, "load", path, tuple(nodes))

    def _name(
        self,
        node: cst.Name,
        scope: Scope,
        role: Role,
        path: tuple[str, ...] = (),
        nodes: tuple[cst.CSTNode, ...] = (),
    ) -> None:
        name = mangled(node.value, scope.class_name)
        owner = scope.lookup(name)
        local = owner.imports.get(name) if owner is not None else None
        if role in ("store", "delete") and scope.kind == "class":
            scope.seen.add(name)
            owner = owner if name in scope.declared else scope
        if owner is not None and (local is None or role != "load"):
            return
        self.references.append(
            Reference(
                name=name,
                path=path,
                nodes=nodes or (node,),
                role=role,
                scope=scope,
                eager=not (self.lazy or self.annotating or self.checking),
                checking=self.checking,
                annotation=self.annotating,
                within=".".join(self.within),
                called=id((nodes or (node,))[-1]) in self.called,
                assigned=id((nodes or (node,))[-1]) in self.assigned,
                local=local,
                string=self.string,
                debug=self.debug,
            )
        )

    def _store(self, target: cst.CSTNode, scope: Scope, role: Role = "store") -> None:
        match target:
            case cst.Name():
                self._name(target, scope, role)
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                for element in elements:
                    self._store(element.value, scope, role)
            case cst.StarredElement(value=value):
                self._store(value, scope, role)
            case _:
                self.assigned.add(id(target))
                self.visit(target, scope)

    # Definitions

    def _decorators(self, nodes: Iterable[cst.Decorator], scope: Scope) -> None:
        for decorator in nodes:
            self.called.add(id(decorator.decorator))
            self.visit(decorator.decorator, scope)

    def _function(self, node: cst.FunctionDef, scope: Scope) -> None:
        self._decorators(node.decorators, scope)
        self._defaults(node.params, scope)
        inner = self._type_parameters(node.type_parameters, scope)
        for param in parameters(node.params):
            if param.annotation is not None:
                self.visit(param.annotation, inner)
        if node.returns is not None:
            self.visit(node.returns, inner)
        self._store(node.name, scope)
        outer, self.within = self.within, (*self.within, node.name.value)
        self._body(node.body, node.params, inner)
        self.within = outer

    def _defaults(self, params: cst.Parameters, scope: Scope) -> None:
        for param in parameters(params):
            if param.default is not None:
                self.visit(param.default, scope)

    def _body(
        self, body: cst.CSTNode, params: cst.Parameters, scope: Scope, lazy: bool = True
    ) -> None:
        inner = open_scope("function", scope, [body])
        for param in parameters(params):
            inner.bound.add(mangled(param.name.value, scope.class_name))
            inner.imports.pop(param.name.value, None)
        outer, self.lazy = self.lazy, self.lazy or lazy
        annotating, self.annotating = self.annotating, False
        self.visit(body, inner)
        self.lazy, self.annotating = outer, annotating

    def _class(self, node: cst.ClassDef, scope: Scope) -> None:
        self._decorators(node.decorators, scope)
        inner = self._type_parameters(node.type_parameters, scope)
        typed, self.typed = self.typed, True
        for base in node.bases:
            self.visit(base, inner)
        self.typed = typed
        for keyword in node.keywords:
            self.visit(keyword, inner)
        body = open_scope("class", inner, [node.body], node.name.value)
        facts = ("__module__", "__qualname__", "__doc__")
        body.seen.update(facts if node.get_docstring() is not None else facts[:2])
        outer, self.within = self.within, (*self.within, node.name.value)
        self.visit(node.body, body)
        self.within = outer
        self._store(node.name, scope)

    def _type_parameters(self, node: cst.TypeParameters | None, scope: Scope) -> Scope:
        if node is None:
            return scope
        inner = Scope("types", scope, scope.class_name)
        inner.bound = {item.param.name.value for item in node.params}
        for item in node.params:
            bound = getattr(item.param, "bound", None)
            for part in filter(None, (bound, item.default)):
                self._annotation(part, inner)
        return inner

    def _type_alias(self, node: cst.TypeAlias, scope: Scope) -> None:
        self._annotation(node.value, self._type_parameters(node.type_parameters, scope))
        self._store(node.name, scope)

    def _ann_assign(self, node: cst.AnnAssign, scope: Scope) -> None:
        self.visit(node.annotation, scope)
        if node.value is not None:
            typed = self.typed
            self.typed = last_name(node.annotation.annotation) == "TypeAlias"
            self.visit(node.value, scope)
            self.typed = typed
        self._store(node.target, scope)

    def _comprehension(self, node: cst.BaseComp, scope: Scope) -> None:
        loop: cst.CompFor | None = node.for_in
        self.visit(node.for_in.iter, scope)
        inner = Scope("function", scope, scope.class_name)
        while loop is not None:
            names = (name.value for name in target_names(loop.target))
            inner.bound |= {mangled(name, scope.class_name) for name in names}
            loop = loop.inner_for_in
        # A walrus inside binds outside, which open_scope of the outer one has seen.
        loop = node.for_in
        while loop is not None:
            if loop is not node.for_in:
                self.visit(loop.iter, inner)
            self._store(loop.target, inner)
            for condition in loop.ifs:
                self.visit(condition, inner)
            loop = loop.inner_for_in
        if isinstance(node, cst.DictComp):
            self.visit(node.key, inner)
            self.visit(node.value, inner)
        else:
            assert isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp))
            self.visit(node.elt, inner)

    def _import(self, node: cst.Import | cst.ImportFrom, scope: Scope) -> None:
        for bound in bindings(node):
            name = mangled(bound.name, scope.class_name)
            owner = scope.lookup(name) if scope.kind != "class" else scope
            if owner is None:
                self.references.append(
                    Reference(
                        name=bound.name,
                        path=(),
                        nodes=(bound.node,),
                        role="import",
                        scope=scope,
                        eager=not (self.lazy or self.checking),
                        checking=self.checking,
                    )
                )
            elif name in owner.imports:
                assert isinstance(bound.node, cst.ImportAlias)
                known = owner.imports[name]
                local = replace(known, statement=node, alias=bound.node)
                self.local_imports.append(local)
            if scope.kind == "class":
                scope.seen.add(name)

    # Types

    def _annotation(self, node: cst.BaseExpression, scope: Scope) -> None:
        annotating, self.annotating = self.annotating, True
        self._type(node, scope)
        self.annotating = annotating

    def _type(self, node: cst.CSTNode, scope: Scope, typed: bool = True) -> None:
        outer, self.typed = self.typed, typed
        self.visit(node, scope)
        self.typed = outer

    def _subscript(self, node: cst.Subscript, scope: Scope) -> None:
        self.visit(node.value, scope)
        base = last_name(node.value)
        typed = (self.typed or base in GENERIC_NAMES) and base != "Literal"
        for index, element in enumerate(node.slice):
            metadata = base == "Annotated" and index > 0
            self._type(element, scope, typed and not metadata)

    def _call(self, node: cst.Call, scope: Scope) -> None:
        self.called.add(id(node.func))
        self._type(node.func, scope, False)
        name = last_name(node.func)
        for index, argument in enumerate(node.args):
            bound = name == "TypeVar" and argument.keyword is not None
            typed = index > 0 if name in FACTORIES else name == "cast" and index == 0
            names = field_names(argument.value) if typed else ()
            self.plain |= {id(each) for each in names}
            self._type(argument, scope, typed or bound)

    def _string(self, node: StringNode, scope: Scope) -> None:
        if not self.typed or self.string is not None or id(node) in self.plain:
            if isinstance(node, cst.ConcatenatedString):
                self._children(node, scope)
            return
        text = node.evaluated_value
        if not isinstance(text, str):
            return
        try:
            expression = cst.parse_expression(text.strip())
        except cst.ParserSyntaxError:
            return
        self.string = StringAnnotation(node, expression)
        self._annotation(expression, scope)
        self.string = None
