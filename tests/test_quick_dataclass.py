"""`runner.model.quick_dataclass` makes what the standard library makes; each test runs with both."""

import copy
import dataclasses
import pickle

import pytest

from runner.model.quick_dataclass import dataclass as quick


def classes(dataclass):
    @dataclass(frozen=True, slots=True)
    class Base:
        a: int
        b: str = "b"

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Below(Base):
        c: list = dataclasses.field(default_factory=list)
        d: int = dataclasses.field(default=0, compare=False)
        e: dict = dataclasses.field(init=False, repr=False, compare=False, default_factory=dict)

        def __post_init__(self):
            self.e["a"] = self.a

    return Base, Below


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    a: int
    b: str = "b"


@quick(frozen=True, slots=True)
class Quick:
    a: int
    b: str = "b"


both = pytest.mark.parametrize("dataclass", [dataclasses.dataclass, quick], ids=["library", "quick"])
both_values = pytest.mark.parametrize("value", [Plain(1), Quick(1)], ids=["library", "quick"])


@both
def test_an_object_has_its_fields_and_their_defaults(dataclass):
    _, below = classes(dataclass)
    one, other = below(1), below(a=1, b="x", c=[2], d=3)
    assert (one.a, one.b, one.c, one.d, one.e) == (1, "b", [], 0, {"a": 1})
    assert (other.b, other.c, other.d) == ("x", [2], 3)
    assert one.c is not below(1).c
    assert repr(other).endswith("Below(a=1, b='x', c=[2], d=3)")


@both
@pytest.mark.parametrize("wrong", [((), {}), ((1, "b", []), {}), ((1,), {"z": 1}), ((1,), {"e": {}})])
def test_wrong_arguments_are_refused(dataclass, wrong):
    _, below = classes(dataclass)
    for _ in range(2):
        with pytest.raises(TypeError, match=r"Below\.__init__\(\)"):
            below(*wrong[0], **wrong[1])


@both
def test_a_class_is_equal_only_to_itself_by_what_is_compared(dataclass):
    base, below = classes(dataclass)
    assert below(1, d=1) == below(1, d=2) != below(2)
    assert base(1) != below(1)
    assert len({base(1), base(1), base(2)}) == 2


@both
def test_a_frozen_object_cannot_be_changed(dataclass):
    base, _ = classes(dataclass)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'a'"):
        base(1).a = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'a'"):
        del base(1).a


@both
def test_one_that_is_not_frozen_can_be_changed_and_has_no_hash(dataclass):
    @dataclass(slots=True)
    class Changeable:
        a: int

    value = Changeable(1)
    value.a = 2
    assert value == Changeable(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(value)


@both
def test_methods_of_the_class_itself_are_kept(dataclass):
    @dataclass(frozen=True)
    class Own:
        a: int

        def __init__(self):
            object.__setattr__(self, "a", 7)

        def __eq__(self, other):
            return True

        def __repr__(self):
            return "own"

        __hash__ = None

    assert (repr(Own()), Own() == 3, Own().a) == ("own", True, 7)


@pytest.mark.parametrize(("above", "beneath"), [(quick, dataclasses.dataclass), (quick, quick)], ids=["library", "quick"])
def test_a_subclass_may_be_made_by_the_library(above, beneath):
    base, _ = classes(above)

    @beneath(frozen=True, slots=True)
    class Further(base):
        f: int = 5

    assert (Further(1).a, Further(1).f) == (1, 5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Further(1).f = 6


@both_values
def test_an_object_is_replaced_copied_and_pickled(value):
    assert dataclasses.replace(value, b="c").b == "c"
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == copy.deepcopy(value) == value
    assert dataclasses.asdict(value) == {"a": 1, "b": "b"}
