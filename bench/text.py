"""Makes the benchmarks' text: words that are as unevenly common as those of a language."""

import os

import numpy

SEED = 20_240_601
VOCABULARY = 200_000
WORDS_PER_CHUNK = 2_000_000
LETTERS = numpy.frombuffer(b"etaoinshrdlucmfwypvbgkjqxz", dtype=numpy.uint8)


def make_vocabulary(source):
    """Distinct words, the common ones short."""
    words, seen = [], set()
    while len(words) < VOCABULARY:
        size = int(source.integers(2, 4 + len(words).bit_length() // 2))
        word = LETTERS[numpy.minimum(source.geometric(0.12, size) - 1, 25)].tobytes()
        if word not in seen:
            seen.add(word)
            words.append(word)
    return numpy.array(words, dtype=object)


def join_words(words, source, words_per_line):
    """Lines of about so many words, or of exactly one."""
    if words_per_line == 1:
        return b"\n".join(words)
    ends = numpy.flatnonzero(source.random(len(words)) < 1 / words_per_line) + 1
    return b"\n".join(b" ".join(line) for line in numpy.split(words, ends))


def write_text(path, size, words_per_line):
    """Writes so many bytes of lines; the same bytes for the same size and words of a line."""
    source = numpy.random.Generator(numpy.random.PCG64(SEED))
    vocabulary = make_vocabulary(source)
    weights = numpy.cumsum(1 / numpy.arange(1, VOCABULARY + 1))
    weights /= weights[-1]
    partial = f"{path}.partial"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(partial, "wb") as file:
        while file.tell() < size:
            words = vocabulary[numpy.searchsorted(weights, source.random(WORDS_PER_CHUNK))]
            lines = join_words(words, source, words_per_line)
            file.write(lines[: size - file.tell() - 1] + b"\n")
    os.rename(partial, path)


def find_text(folder, megabytes, words_per_line=10):
    """The text of so many megabytes, made now if it is not there yet."""
    name = f"words-{megabytes}" if words_per_line == 10 else f"words-{megabytes}-{words_per_line}"
    path = os.path.join(folder, f"{name}.txt")
    size = megabytes * 1_000_000
    if not os.path.exists(path) or os.path.getsize(path) != size:
        write_text(path, size, words_per_line)
    return path
