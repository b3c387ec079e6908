#!/usr/bin/env python3
"""The whole: a crowd, a server that is killed twice, and services that count, each in a process of its own.

usage: whole.py PROGRAMS KONTOR APPLICANTS, where PROGRAMS is the folder of loan-server and loan-crowd
"""
import collections
import csv
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
DATA = SOURCE / "examples/data/german-credit.csv"
PROCESS = SOURCE / "workflows/consumer-credit"
PATIENCE = 120  # seconds; sanitizers and busy machines are slow
# What each does for one application, once; and how it misbehaves. Slow ones are under way when the server is killed.
SERVICES = {"applications": [], "credit": ["--fail", "credit=3", "--slow", "credit=30"], "property": ["--slow", "property=20"],
            "decision": ["--slow", "decision=20"], "notification": ["--slow", "notification=10"]}

failures = []
running = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print("FAILED:", what)


def start(words, **options):
    """A program that says where it listens, and that address."""
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, **options)
    running.append(process)
    line = process.stdout.readline()
    if "http://" not in line:
        sys.exit(f"{words[0]} did not start: {line}")
    return process, line[line.index("http://"):].strip()


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {PATIENCE} s in vain until {what}")
        time.sleep(0.01)


def count(url):
    with urllib.request.urlopen(url + "/count", timeout=PATIENCE) as answer:
        return json.load(answer)


def send_again(address):
    """As a client does that has not heard an answer: the same application under the same key is no second one."""
    # By name, as the crowd sends them: in another order it would be another content, and refused.
    row = next(csv.DictReader(DATA.open(encoding="utf-8")))
    variables = {name: int(cell) if cell.isdigit() else cell for name, cell in sorted(row.items())}
    body = {"processDefinitionId": "consumer-credit", "businessKey": "applicant-1", "variables": variables}
    request = urllib.request.Request(address + "/v2/process-instances", json.dumps(body).encode(),
                                     {"Content-Type": "application/json", "Idempotency-Key": "applicant-1"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        check(json.load(answer)["duplicate"], "the server takes an application that is sent again for a new one")


def expected_ends(kontor, applicants, folder):
    """What the same process says in virtual time, without a server, a store or a kill."""
    rows = folder / "rows.csv"
    rows.write_text("".join(DATA.read_text(encoding="utf-8").splitlines(keepends=True)[:applicants + 1]), encoding="utf-8")
    out = subprocess.run([kontor, "run", PROCESS / "consumer-credit.yaml", "--mock", PROCESS / "consumer-credit.mock.yaml", "--each", rows, "--json"],
                         check=True, capture_output=True, text=True).stdout
    lines = [json.loads(line) for line in out.splitlines()]
    ends = collections.Counter((line["variables"]["verdict"], line["variables"]["decision"]["by"]) for line in lines if "row" in line)
    assert sum(ends.values()) == applicants == len(list(csv.DictReader(rows.open(encoding="utf-8"))))
    return ends


def check_services(urls, folder, applicants):
    """The services never died: their counts are what really happened."""
    wanted = {str(number) for number in range(1, applicants + 1)}
    for name, url in urls.items():
        counted = count(url)
        check(counted["keys"] == applicants, f"{name} has {counted['keys']} keys for {applicants} applications")
        check(counted["steps"] == applicants, f"{name} did {counted['steps']} things for {applicants} applications")
        entries = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        subjects = collections.Counter(entry["subject"] for entry in entries)
        check(set(subjects) == wanted, f"{name} was called for others than the applicants")
        for subject, times in subjects.items():
            check(times == 1, f"{name} did its step {times} times for applicant {subject}, under as many idempotency keys")
    failed = count(urls["credit"])["failed"]
    check(failed >= applicants // 4, f"the credit service failed {failed} times only: nothing was tried")


def main():
    programs, kontor, applicants = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="kontor-loan-") as name:
        folder = Path(name)
        store = f"sqlite:{folder / 'loans.db'}"
        server_program = programs / "loan-server"
        urls = {}
        for service, options in SERVICES.items():
            urls[service] = start([server_program, "--service", service, "--book", folder / f"{service}.jsonl", *options])[1]
        elsewhere = [word for service, url in urls.items() for word in ("--at", f"{service}={url}")]
        server, address = start([server_program, "--store", store, "--listen", "127.0.0.1:0", *elsewhere])
        crowd = subprocess.Popen([programs / "loan-crowd", "--server", address, "--applicants", str(applicants), "--patience", str(PATIENCE),
                                  "--json"], stdout=subprocess.PIPE, text=True)
        running.append(crowd)

        # Once while applications still come in, once while they are decided.
        for service, share in (("applications", 10), ("decision", 3)):
            wait_until(lambda: count(urls[service])["keys"] >= applicants // share, f"{service} had worked for one in {share}")
            server.send_signal(signal.SIGKILL)
            check(server.wait() == -signal.SIGKILL, "the server had died before it was killed")
            decided = count(urls["decision"])["keys"]
            check(decided < applicants, "all was over before the server was killed")
            server, _ = start([server_program, "--store", store, "--listen", address.removeprefix("http://"), *elsewhere])
        send_again(address)

        out, _ = crowd.communicate(timeout=600)
        check(crowd.returncode == 0, f"the crowd ended with {crowd.returncode}: {out}")
        result = json.loads(out)
        check(result["problems"] == [], f"the crowd found: {result['problems'][:3]}")
        check(result["ended"] == applicants, f"{result['ended']} of {applicants} applications ended")
        ends = {(verdict, by): times for verdict, who in result["decided"].items() for by, times in who.items()}
        expected = expected_ends(kontor, applicants, folder)
        check(ends == expected, f"decided were {ends}, and not as in virtual time {dict(expected)}")
        check_services(urls, folder, applicants)

        server.send_signal(signal.SIGTERM)
        check(server.wait(timeout=PATIENCE) == 0, f"the server ended with {server.returncode}")
        for words in (["audit", "verify"], ["store", "check"]):
            checked = subprocess.run([kontor, *words, "--store", store], capture_output=True, text=True)
            check(checked.returncode == 0, f"kontor {' '.join(words)}: {checked.stdout}{checked.stderr}")
        print(f"{applicants} applications in {result['seconds']:.1f} s, two kills, the second after {decided} decisions, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()
