"""Puts the harness's modules on the path of its tests."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
