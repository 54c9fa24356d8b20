"""Runs another script of this folder and ends without Python's clean-up.

usage: run_script.py SCRIPT ARGUMENTS...

Threads of pyarrow may still let go of delta-rs's file handles when the interpreter is taken down: on a busy machine
one reading in seven then ends in "terminate called without an active exception", with its answer printed.
"""

import os
import runpy
import sys

script = sys.argv[1]
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(script)
runpy.run_path(script, run_name="__main__")
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)
