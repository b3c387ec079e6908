#!/usr/bin/env python3
"""Checks what every folder and every tracked file must keep to. Usage: files.py readmes|names|paths|packages|titles|faults [ROOT]."""
import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import rules

# Home and working folders of one machine. Put together from pieces, since this file is checked too.
MACHINE_PATH = re.compile(r"(?<![\w.})*$-])/(?:" + "|".join(["home", "root", "Users", "work"]) + r")/[\w.]+")
# A container's file system is ours, so an absolute path in its recipe is not a machine's.
RECIPES = ("Containerfile", "Dockerfile")


def tracked_files(root):
    try:
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True).stdout
        return [root / name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive has no git
        skipped = {"build", ".git", "node_modules", ".cache"}
        return [p for p in root.rglob("*") if p.is_file() and not skipped & set(p.relative_to(root).parts)]


def check_readmes(root):
    errors = []
    folders = sorted({"/".join(p.relative_to(root).parts[:2]) for p in tracked_files(root)
                      if p.relative_to(root).parts[0] in ("engine", "adapters") and len(p.relative_to(root).parts) > 2})
    for folder in folders:
        readme = root / folder / "README.md"
        if not readme.is_file():
            errors.append(f"{folder}: no README.md that says what the folder is for, what it may include, where to start reading")
        elif (lines := len(readme.read_text(encoding="utf-8").splitlines())) > rules.README_LINES:
            errors.append(f"{folder}/README.md:{rules.README_LINES + 1}: {lines} lines; {rules.README_LINES} are enough, more belongs in docs/")
    return errors


# What a README calls a file or a folder: `store.hpp`, `rows.*`, `*_commands.cpp`, `memory/`, `<kontor/http.hpp>`; and paths to pages without quotes.
NAMED = re.compile(r"`<?([\w*./-]+?)>?`|(?<![\w`/.(-])((?:[\w-]+/)*[\w-]+\.md)\b")
IS_FILE = re.compile(r"[\w*-][\w*./-]*(?:\.(?:hpp|cpp|py|md|txt|cmake|yaml|fault|journal|\*)|/)")


def check_names(root):
    """A README leads nowhere once a file has another name. A name counts from its folder, from what is below, from the root, or from engine/."""
    tracked = {path.relative_to(root).as_posix() for path in tracked_files(root) if path.is_file()}
    known = tracked | {parent.as_posix() + "/" for name in tracked for parent in Path(name).parents if parent != Path(".")}

    def exists(folder, name):
        places = ["", folder, "engine/", "include/"]
        return any(fnmatch.fnmatchcase(path, place + name) for place in places for path in known) \
            or any(path.startswith(folder) and fnmatch.fnmatchcase(path, f"{folder}*/{name}") for path in known)

    errors = []
    for readme in sorted(name for name in tracked if name.endswith("/README.md")):
        folder = readme.removesuffix("README.md")
        for number, line in enumerate((root / readme).read_text(encoding="utf-8").splitlines(), 1):
            for name in (quoted or plain for quoted, plain in NAMED.findall(line)):
                if "..." not in name and IS_FILE.fullmatch(name) and not exists(folder, name):
                    errors.append(f"{readme}:{number}: there is no {name}")
    return errors


def check_paths(root):
    errors = []
    for path in tracked_files(root):
        if not path.is_file() or path.is_symlink() or path.name in RECIPES:
            continue
        data = path.read_bytes()
        if b"\0" in data[:8000]:
            continue
        for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), 1):
            if match := MACHINE_PATH.search(line):
                name = path.relative_to(root).as_posix()
                errors.append(f"{name}:{number}: {match.group()} exists on one machine only; start from the source folder or a variable")
    return errors


LOOKS_FOR = re.compile(r"^\s*(?:find_package\(|find_library\(\w+ )([\w-]+)", re.M)


def check_packages(root):
    """A new find_package works where it was written, and breaks the build on the next machine."""
    errors = []
    installs = (root / "scripts/install-dependencies").read_text(encoding="utf-8")
    for path in tracked_files(root):
        is_ours = not {"embedding", "examples"} & set(path.relative_to(root).parts)   # those look for what this project has installed
        if is_ours and path.is_file() and (path.name == "CMakeLists.txt" or path.suffix == ".cmake"):
            for wanted in LOOKS_FOR.findall(path.read_text(encoding="utf-8")):
                package = rules.PACKAGES.get(wanted)
                if not package:
                    errors.append(f"{path.relative_to(root)}: which package has {wanted}? PACKAGES in tests/structure/rules.py must say")
                elif not re.search(rf"^  {re.escape(package)} ", installs, re.M):
                    errors.append(f"{path.relative_to(root)}: looks for {wanted}; scripts/install-dependencies lacks {package}")
    return errors


TITLE = re.compile(r'\b(?:TEST_CASE|SCENARIO)\(\s*"([^"]*)"')


def check_titles(root):
    """CMake's lists are split at semicolons, so ctest would look for two tests that do not exist."""
    errors = []
    for path in tracked_files(root):
        if path.suffix == ".cpp" and path.relative_to(root).parts[0] == "tests" and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            errors += [f"{path.relative_to(root)}:{text.count(chr(10), 0, m.start()) + 1}: ctest cannot find a test with a semicolon in its title"
                       for m in TITLE.finditer(text) if ";" in m.group(1)]
    return errors


def check_faults(root):
    """The page is written by a run that takes minutes; that it names all faults and no others is seen at once."""
    page = root / "docs/reference/faults-we-planted.md"
    described = set(re.findall(r"^\| `([\w-]+)`:", page.read_text(encoding="utf-8"), re.M))
    planted = {path.stem for path in (root / "tests/mutants").glob("*.fault")}
    mend = "run KONTOR_UPDATE=1 tests/mutants/run"
    errors = [f"{page.relative_to(root)}: does not have {name}; {mend}" for name in sorted(planted - described)]
    return errors + [f"{page.relative_to(root)}: {name} is planted no more; {mend}" for name in sorted(described - planted)]


def main():
    check = {"readmes": check_readmes, "names": check_names, "paths": check_paths, "packages": check_packages,
             "titles": check_titles, "faults": check_faults}[sys.argv[1]]
    root = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parents[2]
    errors = check(root)
    for error in errors:
        print(error)
    print(f"{len(errors)} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
