#!/usr/bin/env python3
"""Copies what git knows of this package, or would, with OrderedMutex.swift in the folder of each target that uses a Mutex.

What is the same already is not written again, so that a build of the copy goes on where the last one ended.

usage: copy.py FOLDER
"""
import pathlib
import re
import subprocess
import sys

MUTEX = re.compile(r"\bMutex[(<]")
# Where targets lie: a folder of these, with a folder for each target in it.
ROOMS = ("Sources", "Sources/Examples", "Tests", "Benchmarks")


def place(target, content):
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def main(folder):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], check=True, capture_output=True)
    names = [pathlib.PurePosixPath(name) for name in listed.stdout.decode().split("\0") if name]
    mutex = pathlib.Path("Tests/ThreadSanitizer/OrderedMutex.swift").read_bytes()
    wanted, users = set(), set()
    for name in names:
        source = pathlib.Path(name)
        if not source.is_file():
            continue
        content = source.read_bytes()
        wanted.add(folder / name)
        place(folder / name, content)
        if name.suffix == ".swift" and MUTEX.search(content.decode("utf-8", "replace")):
            room = max((room for room in ROOMS if name.is_relative_to(room)), key=len, default=None)
            if room and len(name.relative_to(room).parts) > 1:
                users.add(pathlib.PurePosixPath(room) / name.relative_to(room).parts[0])
    users.discard(pathlib.PurePosixPath("Tests/ThreadSanitizer"))
    for user in users:
        wanted.add(folder / user / "OrderedMutex.swift")
        place(folder / user / "OrderedMutex.swift", mutex)
    for old in folder.rglob("*"):
        if old.is_file() and old not in wanted:
            old.unlink()
    if not users:
        sys.exit("✘ no target uses a Mutex: the copy is not what it should be")
    print(f"✔ {len(users)} targets have a Mutex that tells of its order")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
