"""Beam's Go integration tests as programs: of the pinned SDK, with assertions that are counted."""

import os
import subprocess

from go_module import MODULE, copy_beam

PACKAGES = (
    "integration/primitives",
    "integration/synthetic",
    "integration/wordcount",
    "integration",
    "regression",
)
# What can't be asked of an endpoint, and why.
NOT_FOR_ENDPOINTS = {"TestOomParDo": "it takes memory until it is killed"}
# Lines of Beam's package of assertions, and what is said before or after them: that an assertion
# is made, or that it runs.
_MADE = (
    ("equals.go", "\tunexpected, correct, missing := Diff(s, actual, expected)", "equals", ""),
    ("sum.go", "\tbeam.ParDo0(s, &sumFn{", "sum", "size > 0"),
    ("hash.go", "\tbeam.ParDo0(s, &hashFn{", "hash", ""),
    ("count.go", "\tbeam.ParDo0(s, &errFn{", "count", "count > 0"),
    ("passert.go", "\tbeam.ParDo0(s, &nonEmptyFn{}", "nonempty", ""),
)
_RUNS = (
    ("equals.go", "func failIfBadEntries(", "equals"),
    ("sum.go", "func (f *sumFn) ProcessElement(", "sum"),
    ("hash.go", "func (f *hashFn) ProcessElement(", "hash"),
    ("count.go", "func (f *errFn) ProcessElement(", "count"),
    ("passert.go", "func (n *nonEmptyFn) ProcessElement(", "nonempty"),
)
MARK = "beam2spark-assertion"


def build_tests(module_folder, folder):
    """Builds a program for each package, where it is not there yet; gives package and path.

    Raises CalledProcessError with what Go says.
    """
    programs = [
        (package.rpartition("/")[2], package, os.path.join(folder, package.replace("/", "_")))
        for package in PACKAGES
    ]
    if not all(os.path.exists(program) for _, _, program in programs):
        copy_module(module_folder, folder)
        for _, package, program in programs:
            # Beam's Go workers find functions by the symbols that -c keeps.
            command = ["go", "test", "-c", "-vet=off", "-o", program, f"{MODULE}/go/test/{package}"]
            subprocess.run(command, cwd=folder, check=True)
    return [(name, program) for name, _, program in programs]


def list_tests(program):
    """The names of the tests of a program."""
    done = subprocess.run(
        [program, "-test.list", "^Test"], capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if line.startswith("Test")]


def copy_module(module_folder, folder):
    """Copies the module, with a copy of Beam's whose assertions say when they are made and run.

    Raises AssertionError where Beam's package is not the one that this was written for.
    """
    beam = copy_beam(module_folder, folder)
    package = os.path.join(beam, "go", "pkg", "beam", "testing", "passert")
    for name, text in make_telling(package).items():
        with open(os.path.join(package, name), "w", encoding="utf-8") as file:
            file.write(text)


def make_telling(package):
    """The files of Beam's package of assertions that are changed, by name."""
    texts = {"beam2spark_note.go": make_note()}
    for name, line, kind, condition in _MADE:
        text = read_once(texts, package, name)
        assert text.count(line) == 1, f"{name} has no {line}"
        said = f'note("made", "{kind}")'
        texts[name] = text.replace(line, f"\tif {condition or 'true'} {{ {said} }}\n{line}")
    for name, head, kind in _RUNS:
        text = read_once(texts, package, name)
        assert text.count(head) == 1, f"{name} has no {head}"
        end = text.index("{\n", text.index(head)) + 2
        texts[name] = f'{text[:end]}\tnote("ran", "{kind}")\n{text[end:]}'
    return texts


def make_note():
    """The Go function that says what happens, on a line of its own of the standard error output."""
    return (
        'package passert\n\nimport (\n\t"fmt"\n\t"os"\n)\n\n'
        "func note(what, kind string) "
        f'{{ fmt.Fprintf(os.Stderr, "\\n{MARK} %s %s\\n", what, kind) }}\n'
    )


def read_once(texts, package, name):
    """A file of Beam's package, as far as it is changed."""
    if name not in texts:
        with open(os.path.join(package, name), encoding="utf-8") as file:
            texts[name] = file.read()
    return texts[name]
