#!/usr/bin/env python3
"""Reads what the thread sanitizer has reported, names each report once, and exits 1 if there is any.

usage: reports.py FILE…
"""
import collections
import re
import sys

BEGIN = re.compile(r"^WARNING: ThreadSanitizer: (.+?) \(pid=\d+\)")
ACCESS = re.compile(r"^  (\S.* at 0x[0-9a-f]+) by (.+):$")
FRAME = re.compile(r"^    #\d+ (.+?)(?: \(BuildId: [0-9a-f]+\))?$")
ADDRESS = re.compile(r"0x[0-9a-f]+")


def reports(lines):
    """Each report: its kind, and what accessed, with its frames."""
    found, accesses = None, []
    for line in lines:
        line = line.rstrip("\n")
        if match := BEGIN.match(line):
            # A report that was cut off counts too.
            if found is not None:
                yield found, accesses
            found, accesses = match.group(1), []
        elif found is not None:
            if match := ACCESS.match(line):
                accesses.append((ADDRESS.sub("…", match.group(1)), []))
            elif match := FRAME.match(line):
                if accesses:
                    accesses[-1][1].append(match.group(1))
            elif line.startswith("  ") and accesses:
                # Where the memory came from, and the threads: their frames are of no access.
                accesses.append(("", []))
            elif line.startswith("SUMMARY:"):
                yield found, accesses
                found, accesses = None, []
    if found is not None:
        yield found, accesses


def told(kind, accesses):
    """A report in a few lines, without what differs from one run to the next."""
    lines = [kind]
    for words, frames in accesses:
        if words:
            lines.append(f"  {words}")
            lines += [f"    {ADDRESS.sub('…', frame)}" for frame in frames[:6]]
    return "\n".join(lines)


def main(paths):
    counts = collections.Counter()
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as file:
            counts.update(told(*report) for report in reports(file))
    for text, count in counts.most_common():
        print(f"✘ {count}×  {text}\n")
    return 1 if counts else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
