"""Files and functions that a person can read in one go."""

from __future__ import annotations

from tests.house.code import functions, listed, sources

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 40


def test_no_file_is_longer_than_a_person_reads() -> None:
    problems = [f"{source.name}: {source.lines} lines" for source in (*sources(), *sources("tests")) if source.lines > LINES_OF_A_FILE]
    assert not problems, listed(problems)


def test_no_function_is_longer_than_a_screen() -> None:
    problems = []
    for source in (*sources(), *sources("tests")):
        for function in functions(source.tree):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                problems.append(f"{source.at(function)} {function.name}: {lines} lines")
    assert not problems, listed(problems)
