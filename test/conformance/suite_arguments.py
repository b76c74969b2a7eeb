"""What the programs that run a suite against a Job service are started with."""

import argparse


def start_parser(description):
    """A parser with the arguments that all of them have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--endpoint", required=True, help="the Job service, HOST:PORT")
    parser.add_argument("--results", required=True, help="the file of the verdicts, JSON")
    parser.add_argument("--seconds", type=int, default=180, help="the most that a test may take")
    parser.add_argument("-k", dest="words", default="", help="only tests whose names have them")
    return parser
