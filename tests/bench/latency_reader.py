"""Reads the standard table in a loop with delta-rs, and prints each version with the time at which it was readable."""
import sys
import time

from deltalake import DeltaTable


def main(path: str) -> None:
    table = DeltaTable(path)
    seen = -1
    while True:
        table.update_incremental()
        version = table.version()
        if version != seen:
            print(version, time.time() * 1000, flush=True)
            seen = version
        time.sleep(0.005)


main(sys.argv[1])
