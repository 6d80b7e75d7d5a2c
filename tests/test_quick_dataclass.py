"""`runner.model.quick_dataclass` makes what the standard library makes: each question gets the same answer from both."""

import copy
import dataclasses
import functools
import inspect
import math
import pickle
import sys
import threading
import types
from dataclasses import field

import pytest

from runner.model import quick_dataclass
from runner.model.quick_dataclass import FEW, replace
from runner.model.quick_dataclass import dataclass as quick

SHAPES = [{"frozen": frozen, "slots": slots, "kw_only": kw} for frozen in (0, 1) for slots in (0, 1) for kw in (0, 1)]


@functools.cache
def classes(dataclass, few, frozen, slots, kw_only):
    """A class with a subclass, and classes with methods of their own."""
    shape = {"frozen": frozen, "slots": slots, "kw_only": kw_only}

    @dataclass(**shape)
    class Base:
        a: int
        b: str = "b"

        def __post_init__(self):
            object.__setattr__(self, "b", self.b.lower())

    @dataclass(**{**shape, "kw_only": True})
    class Below(Base):
        c: list = field(default_factory=list)
        d: int = field(default=0, compare=False)
        e: dict = field(init=False, repr=False, compare=False, default_factory=dict)
        f: object = field(default=None, metadata={"flag": "-f"})

        def __post_init__(self):
            super().__post_init__()
            self.e["a"] = self.a

    @dataclass(**shape, init=False, repr=False, eq=False)
    class Bare:
        a: int = 1

    @dataclass(**shape)
    class Own:
        a: int

        def __init__(self):
            object.__setattr__(self, "a", 7)

        def __eq__(self, other):
            return "equal"

        def __repr__(self):
            return "own"

    @dataclass(**shape)
    class Hashed:
        a: int

        def __hash__(self):
            return 8

    @dataclass(**shape)
    class Empty:
        pass

    @dataclass(**shape)
    class Single:
        a: object

    @dataclass(**shape)
    class Later(Base):
        z: int = 1

        def __init__(self, z):
            super().__init__(a=z)
            object.__setattr__(self, "z", z)

    found = {name: value for name, value in locals().items() if isinstance(value, type)}
    return types.SimpleNamespace(dataclass=dataclass, frozen=frozen, slots=slots, **found)


def parameters(cls):
    """The parameters of a class; only a factory's default has another mark in the library."""
    found = inspect.signature(cls)
    shown = [(one.name, one.kind, one.annotation, one.default is one.empty) for one in found.parameters.values()]
    return shown, found.return_annotation


def about(cls):
    names = ("name", "type", "default", "default_factory", "init", "repr", "hash", "compare", "metadata", "kw_only")
    return [tuple(getattr(one, name) for name in names) for one in dataclasses.fields(cls)]


def matched(value):
    match value:
        case types.SimpleNamespace():
            return None
        case _:
            return type(value).__match_args__


def changed(value, name="a"):
    setattr(value, name, 5)
    return getattr(value, name)


def deleted(value):
    del value.a
    return hasattr(value, "a")


def around(made):
    value = made.Below(a=1)
    value.c.append(value)
    return repr(value)


QUESTIONS = {
    "an object has its fields": lambda made: vars_of(made.Below(a=1)),
    "given values": lambda made: vars_of(made.Below(a=1, b="X", c=[2], d=3, f=4)),
    "a factory makes a value for each": lambda made: made.Below(a=1).c is made.Below(a=1).c,
    "a value by its place": lambda made: vars_of(made.Base(1, "x")),
    "the constructor of a base": lambda made: vars_of(made.Later(4)),
    "an own constructor": lambda made: vars_of(made.Own()),
    "no constructor": lambda made: made.Bare().a,
    "no constructor takes no values": lambda made: made.Bare(a=1),
    "no fields": lambda made: (repr(made.Empty()), made.Empty() == made.Empty()),
    "too few values": lambda made: made.Base(),
    "too many values": lambda made: made.Base(1, "b", []),
    "an unknown value": lambda made: made.Below(a=1, z=1),
    "a value that is never given": lambda made: made.Below(a=1, e={}),
    "parameters": lambda made: [parameters(cls) for cls in (made.Base, made.Below, made.Single, made.Empty, made.Own)],
    "parameters of a class in use": lambda made: (vars_of(made.Base(a=1)), parameters(made.Base)),
    "types of parameters": lambda made: made.Base.__init__.__annotations__,
    "name of the constructor": lambda made: made.Below.__init__.__qualname__,
    "repr": lambda made: [repr(made.Below(a=1)), repr(made.Single("x")), repr(made.Own())],
    "repr of an object in itself": around,
    "a repr of Python's": lambda made: repr(made.Bare()).partition(" at ")[0],
    "equal": lambda made: made.Below(a=1, d=1) == made.Below(a=1, d=2),
    "not equal": lambda made: made.Below(a=1) == made.Below(a=2),
    "one field": lambda made: (made.Single(1) == made.Single(1), made.Single(1) == made.Single(2)),
    "not equal to a subclass": lambda made: made.Base(a=1) == made.Below(a=1),
    "not equal to another thing": lambda made: (made.Single(1) == 1, made.Single(1).__eq__(1)),
    "an own equality": lambda made: made.Own() == 3,
    "no equality": lambda made: made.Bare() == made.Bare(),
    "hash": lambda made: len({made.Base(a=1), made.Base(a=1), made.Base(a=2)}),
    "hash as that of a tuple": lambda made: hash(made.Base(a=1)) == hash((1, "b")),
    "hash of a class with an own equality": lambda made: hash(made.Own()) == hash((7,)),
    "an own hash": lambda made: hash(made.Hashed(a=1)),
    "hash without equality": lambda made: len({made.Bare(), made.Bare()}),
    "what cannot be hashed": lambda made: hash(made.Single([])),
    "change a field": lambda made: changed(made.Base(a=1)),
    "change a field without its methods": lambda made: changed(made.Bare()),
    # with slots the library stumbles over its own `super()`
    "change something else": lambda made: made.slots or changed(made.Base(a=1), "other"),
    "delete a field": lambda made: deleted(made.Base(a=1)),
    "fields": lambda made: [about(cls) for cls in (made.Base, made.Below, made.Bare, made.Empty)],
    "slots": lambda made: [getattr(cls, "__slots__", None) for cls in (made.Base, made.Below, made.Bare)],
    "an object has a dict": lambda made: hasattr(made.Base(a=1), "__dict__"),
    "match": lambda made: (matched(made.Base(a=1)), matched(made.Below(a=1))),
    "marked as frozen": lambda made: [vars(cls)["__dataclass_params__"].frozen for cls in (made.Base, made.Below)],
    "replace": lambda made: vars_of(dataclasses.replace(made.Below(a=1), a=2, b="Y")),
    "replace what is never given": lambda made: dataclasses.replace(made.Below(a=1), e={}),
    "as a dict": lambda made: dataclasses.asdict(made.Below(a=1, c=[made.Single([2])])),
    "as a tuple": lambda made: dataclasses.astuple(made.Below(a=1)),
    "copy": lambda made: copy.copy(made.Below(a=1, b="x")) == made.Below(a=1, b="x"),
    "deep copy": lambda made: vars_of(copy.deepcopy(made.Below(a=1, c=[[2]]))),
    "a docstring": lambda made: made.Bare.__doc__,
    "subclass of the other kind": lambda made: below(made, dataclasses.dataclass, frozen=not made.frozen),
    "subclass of the library": lambda made: below(made, dataclasses.dataclass, frozen=made.frozen),
    "a default that can change": lambda made: made.dataclass()(type("Bad", (), {"__annotations__": {"a": list}, "a": []})),
}
if sys.version_info >= (3, 13):
    QUESTIONS["copy.replace"] = lambda made: vars_of(copy.replace(made.Below(a=1), a=2))


def vars_of(value):
    return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}


def below(made, dataclass, frozen):
    @dataclass(frozen=frozen, kw_only=True)
    class Further(made.Base):
        z: int = 5

    return vars_of(Further(a=1)), changed(Further(a=1))


def answer(question, dataclass, few, shape):
    try:
        return question(classes(dataclass, few, **shape))
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(key for key in shape if shape[key]) or "plain")
@pytest.mark.parametrize("few", [0, 1, 1_000_000], ids=["compiled", "compiled later", "by a loop"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_gets_the_answer_of_the_library(question, few, shape, monkeypatch):
    monkeypatch.setattr(quick_dataclass, "FEW", few)
    library = answer(QUESTIONS[question], dataclasses.dataclass, few, shape)
    assert answer(QUESTIONS[question], quick, few, shape) == library


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    a: int
    b: str = "b"


@quick(frozen=True, slots=True)
class Quick:
    a: int
    b: str = "b"


@quick(slots=True)
class Open:
    a: int
    b: str = "b"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [Plain(1), Quick(1), Open(1)], ids=["library", "quick", "changeable"])
def test_an_object_is_pickled(value, protocol):
    assert pickle.loads(pickle.dumps(value, protocol)) == value


def test_a_field_that_is_never_given_has_its_default_with_slots_too():
    @quick(slots=True)
    class Never:
        a: int = field(default=3, init=False)

    assert Never().a == 3  # in the library from Python 3.14 on


def test_a_nan_equals_itself_as_in_a_tuple():
    assert Quick(math.nan) == Quick(math.nan)
    assert Quick(math.nan) != Quick(float("nan"))


def made_anew():
    @quick(frozen=True)
    class New:
        a: int
        b: int = 2

    return New


def mistaken(cls):
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        cls()


def is_compiled(cls):
    return isinstance(vars(cls)["__init__"], types.FunctionType)


def test_the_constructor_is_compiled_once_a_class_has_more_than_a_few_objects():
    new = made_anew()
    made = [new(number) for number in range(FEW)]
    assert not is_compiled(new)
    made += [new(FEW), new(a=FEW + 1, b=2)]
    assert is_compiled(new)
    assert made == [new(number) for number in range(FEW + 2)]


@pytest.mark.parametrize("look", [inspect.signature, mistaken], ids=["inspect", "a mistake"])
def test_the_constructor_is_compiled_when_its_parameters_are_asked_for(look):
    new = made_anew()
    look(new)
    assert is_compiled(new)


def test_classes_are_made_in_several_threads_at_once():
    found = []

    def make():
        for _ in range(50):

            @quick(frozen=True, slots=True)
            class Below(Quick):
                c: int = 1

            found.append(Below(1))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200
    assert vars(Quick)["__dataclass_params__"].frozen


@quick(frozen=True, slots=True)
class Simple:
    value: int = 1
    copy: object = None
    given: list = field(default_factory=list)


@quick(frozen=True, slots=True)
class Computed:
    value: int
    double: int = field(init=False, default=0)

    def __post_init__(self):
        object.__setattr__(self, "double", self.value * 2)


def answer_of(replace, value, changes):
    try:
        return replace(value, **changes)
    except TypeError:
        return TypeError


@pytest.mark.parametrize("value", [Simple(2, "x", [1]), Computed(2)], ids=["plain", "derived"])
@pytest.mark.parametrize("changes", [{}, {"value": 5}, {"value": 5, "copy": 6}, {"unknown": 1}], ids=str)
@pytest.mark.parametrize("few", [0, 1_000_000], ids=["compiled", "by the library"])
def test_replace_gives_what_the_standard_library_gives(value, changes, few, monkeypatch):
    monkeypatch.setattr(quick_dataclass, "FEW", few)
    quick_answer, library_answer = answer_of(replace, value, changes), answer_of(dataclasses.replace, value, changes)
    assert quick_answer == library_answer
    assert value.value == 2


def test_what_is_replaced_in_is_the_same_object_and_the_copy_is_frozen():
    value = Simple(given=[1])
    copied = replace(value, value=3)
    assert copied.given is value.given
    with pytest.raises(dataclasses.FrozenInstanceError):
        copied.value = 4
