"""What Python itself says about emitted code: reads a JSON request, writes a JSON answer."""

import ast
import json
import sys


def evaluate_literals(literals):
    """The value of each literal."""
    return [ast.literal_eval(literal) for literal in literals]


def describe_shapes(programs):
    """The kinds of all syntax nodes of each program, in order."""
    return [[type(node).__name__ for node in ast.walk(ast.parse(program))] for program in programs]


def list_deeds(programs):
    """Everything that each program calls and imports, sorted, as often as it does."""
    return [sorted(find_deeds(ast.parse(program))) for program in programs]


def find_deeds(tree):
    """The names of calls and imports in a syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield f"call {getattr(node.func, 'attr', getattr(node.func, 'id', '?'))}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield f"import {', '.join(alias.name for alias in node.names)}"


ANSWERS = {
    "literals": evaluate_literals,
    "shapes": describe_shapes,
    "deeds": list_deeds,
}

if __name__ == "__main__":
    request = json.load(sys.stdin)
    json.dump(ANSWERS[request["ask"]](request["about"]), sys.stdout)
