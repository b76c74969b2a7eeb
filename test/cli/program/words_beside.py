"""A module beside the program, which the workers import too."""


def shout(word: str) -> str:
    if word == "fear":
        raise ValueError("nobody shouts fear")
    return word.upper()
