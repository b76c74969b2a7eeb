"""Stands for the runtime: says on a worker where it was imported from."""


def where() -> str:
    return __file__
