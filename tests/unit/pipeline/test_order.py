"""Measurements come after those they build on, and circles are named."""

from hypothesis import given
from hypothesis import strategies as st

from kcc_research.pipeline.order import circles, with_earlier


def test_what_a_measurement_builds_on_comes_first_and_is_included():
    earlier = {"c": ["b"], "b": ["a"], "a": [], "x": []}
    assert with_earlier(["c", "x"], earlier.__getitem__) == ("a", "b", "c", "x")


def test_a_circle_is_named_for_those_in_it_and_no_other():
    """d builds on a circle but is in none; e has nothing to do with it."""
    graph = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"], "e": [], "f": ["f"]}
    found = circles(graph, graph.__getitem__)
    told = {key: each.problems[0].value for key, each in found.items()}
    assert told == {
        "a": "a → b → c → a",
        "b": "b → c → a → b",
        "c": "c → a → b → c",
        "f": "f → f",
    }
    assert {each.problems[0].code for each in found.values()} == {"KCC-R053e"}
    assert sorted(with_earlier(graph, graph.__getitem__)) == sorted(graph)


@given(
    st.dictionaries(
        st.integers(0, 9), st.lists(st.integers(0, 9), max_size=3), max_size=10
    ),
    st.randoms(),
)
def test_the_order_depends_on_names_only(graph, random):
    """A graph without circles: edges go from high numbers to low ones."""
    earlier = {str(k): [str(e) for e in v if e < k] for k, v in graph.items()}
    keys = sorted(earlier)
    shuffled = random.sample(keys, len(keys))
    found = with_earlier(keys, lambda key: earlier.get(key, []))
    assert found == with_earlier(shuffled, lambda key: earlier.get(key, []))
    place = {key: position for position, key in enumerate(found)}
    assert all(place[e] < place[k] for k, v in earlier.items() for e in v)
