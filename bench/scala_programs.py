"""Compiles the hand-written Scala programs with the Scala compiler of Spark's jars."""

import os

import pyspark
from commands import BENCH
from peers_set_up import run_tool

JARS = os.path.join(os.path.dirname(pyspark.__file__), "jars", "*")
COMPILER = "scala.tools.nsc.Main"


def compile_program(name, folder):
    """The jar of a hand-written program, compiled anew. Raises MissingPeer where that fails."""
    source = os.path.join(BENCH, "programs", f"{name}.scala")
    jar = os.path.join(folder, f"{name}.jar")
    options = ["-deprecation", "-feature", "-unchecked", "-Xlint", "-Werror", "-cp", JARS]
    run_tool(f"{name}.scala", ["java", "-cp", JARS, COMPILER, *options, "-d", jar, source])
    return jar
