#!/usr/bin/env python3
"""Writes the files of a page into a folder and runs its commands there. Usage: listings.py PAGE FOLDER [NAME=VALUE...].

A file is a listing whose first line is `# file: NAME` or `// file: NAME`. Commands stand in listings of the kind `console` behind `$ `; the
lines below one are all that it may print. NAME=VALUE go to the environment of the commands.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

LISTING = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NAME = re.compile(r"(?:#|//) file: (\S+)\n")


def main():
    page, folder = Path(sys.argv[1]).read_text(encoding="utf-8"), Path(sys.argv[2])
    environment = os.environ | dict(pair.split("=", 1) for pair in sys.argv[3:])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = commands = 0
    for kind, text in LISTING.findall(page):
        if name := NAME.match(text):
            (folder / name.group(1)).write_text(text, encoding="utf-8")
            files += 1
        if kind != "console":
            continue
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
            ran = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True)
            commands += 1
            if ran.returncode or ran.stdout != expected:
                print(f"$ {command}\nended with {ran.returncode} and printed\n{ran.stdout}{ran.stderr}\ninstead of\n{expected}")
                log = folder / "build.log"
                print(log.read_text(encoding="utf-8")[-3000:] if log.is_file() else "")
                return 1
    print(f"{files} files, {commands} commands")
    return 0 if files and commands else 1


if __name__ == "__main__":
    sys.exit(main())
