"""The examples of Beam's Go SDK: which there are, their programs, and what they leave."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass

from go_module import MODULE, find_module

FOLDER = os.path.dirname(os.path.abspath(__file__))
LIST = os.path.join(FOLDER, "go-examples.json")
_MAIN = re.compile(r"^package main$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One example: its arguments, where `{input}` and `{output}` stand for a text and a folder.

    Those that write no file are known by what their functions log (`logs`, a pattern). `reference`
    is the runner of the SDK itself that has the expected results.
    """

    name: str
    arguments: tuple[str, ...]
    logs: str | None = None
    reference: str = "direct"

    def fill_arguments(self, source, output):
        """The arguments for a text and a folder of outputs."""
        return [word.format(input=source, output=output) for word in self.arguments]


@dataclass(frozen=True)
class Results:
    """What a run has left: the lines of each file, and what was logged, without their order."""

    files: dict[str, Counter]
    logged: Counter


def read_examples():
    """The examples that are run."""
    with open(LIST, encoding="utf-8") as file:
        listed = json.load(file)["examples"]
    return [
        Example(name, **{**entry, "arguments": tuple(entry["arguments"])})
        for name, entry in listed.items()
    ]


def find_unlisted(module_folder):
    """The names that the list and the SDK don't have in common."""
    with open(LIST, encoding="utf-8") as file:
        read = json.load(file)
    listed = {*read["examples"], *(name for one in read["notRun"] for name in one["examples"])}
    return sorted(listed ^ set(list_programs(os.path.join(find_module(module_folder), "go"))))


def list_programs(folder):
    """The names of all examples of the SDK."""
    examples = os.path.join(folder, "examples")
    for place, _, names in os.walk(examples):
        for name in names:
            if name.endswith(".go") and is_main(os.path.join(place, name)):
                yield os.path.relpath(place, examples)
                break


def is_main(path):
    """Whether a source belongs to a program."""
    with open(path, encoding="utf-8") as file:
        return _MAIN.search(file.read()) is not None


def build_example(module_folder, name, folder):
    """Builds the program of an example; gives its path. Raises CalledProcessError."""
    program = os.path.join(folder, name.replace("/", "_"))
    command = ["go", "build", "-o", program, f"{MODULE}/go/examples/{name}"]
    subprocess.run(command, cwd=module_folder, check=True)
    return program


def write_text(path):
    """A text with what the examples look for: a few frequent words, empty lines."""
    frequent = ("alpha", "beta", "gamma", "delta", "kingdom's")
    with open(path, "w", encoding="utf-8") as file:
        for line in range(60):
            words = [frequent[line * place % len(frequent)] for place in range(1, 6)]
            words += ["Flourish"] * (line in (3, 20, 41)) + ["stomach"] * (line == 9)
            file.write(" ".join(words) + "\n" * (2 if line % 10 == 0 else 1))


def clear_folder(path):
    """An empty folder at this path."""
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)


def read_results(example, output, log):
    """The results of a run that has written to a folder, and has logged this."""
    files = {}
    for name in sorted(os.listdir(output)):
        with open(os.path.join(output, name), encoding="utf-8") as file:
            files[name] = Counter(file.read().splitlines())
    logged = Counter()
    if example.logs is not None:
        logged.update(re.findall(example.logs, log))
    return Results(files, logged)


def describe_difference(expected, found):
    """What is wrong with the results of a run, in one line; empty where they are as expected."""
    if expected.files.keys() != found.files.keys():
        return f"it wrote {sorted(found.files)} and not {sorted(expected.files)}"
    for name, lines in expected.files.items():
        if lines != found.files[name]:
            return f"{name} {describe_counters(lines, found.files[name])}"
    if expected.logged != found.logged:
        return f"what was logged {describe_counters(expected.logged, found.logged)}"
    return ""


def describe_counters(expected, found):
    """What one has and the other has not."""
    return f"lacks {dict(expected - found)} and has {dict(found - expected)} beside it"[:1000]
