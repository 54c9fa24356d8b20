"""Reads a monthly archive of trains with Python's own zipfile, which checks every sum.

usage: read_archive.py ARCHIVE

Prints one JSON object: by member its SHA-256, its date, and how many trains it holds.
"""

import hashlib
import json
import sys
import zipfile


def main(path: str) -> None:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        print(json.dumps({member.filename: described(archive, member) for member in archive.infolist()}))


def described(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> dict:
    content = archive.read(member)
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "date": list(member.date_time[:3]),
        "trains": len(json.loads(content)),
        "deflated": member.compress_type == zipfile.ZIP_DEFLATED,
    }


main(sys.argv[1])
