# SPDX-License-Identifier: BSD-3-Clause
"""peer -- what every Python peer needs around its computation: clock, truth, verdict, one line.

A script calls main(variants); variants maps a name to a function (n, steps) -> Peer. It is run as

    python3 SCRIPT VARIANT N STEPS SECONDS TRUTH_PREFIX

and prints one JSON object. Exit 3: a package or a compiler is missing, the reason is on stderr.
Only the standard library is used here, so that pure Python needs nothing else.
"""
import array
import ast
import importlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time

EXIT_USAGE, EXIT_MISSING = 2, 3


class Missing(Exception):
    """What a variant needs is not installed here."""


class Peer:
    """One way to compute. prepare() makes fresh inputs outside the clock; run(inputs) is timed and
    returns the outputs, each a buffer of uint8, int32 or float64 in C order. `tolerances`, one for each
    output, are relative to the truth's largest element; 0 is bit for bit."""

    def __init__(self, prepare, run, version="", compile_seconds=0.0, tolerances=(0,)):
        self.prepare, self.run = prepare, run
        self.version, self.compile_seconds, self.tolerances = version, compile_seconds, tolerances


def need(name):
    """Imports a package, or says that it is missing. One that is there but cannot be used on this
    machine (numba against a newer numpy) is missing, too."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        lost = getattr(error, "name", None) == name
        raise Missing(f"no {name}" if lost else f"{name} cannot be used: {error}") from error


def linspace(lo, hi, n):
    """n points from lo to hi, rounded as lo + i * step, the last one exactly hi."""
    step = (hi - lo) / max(n - 1, 1)
    points = [lo + i * step for i in range(n)]
    if n > 1:
        points[-1] = hi
    return points


# ---- compiled by Cython, in a folder that is gone afterwards


def cython_command():
    """Prefers the Cython of this interpreter: another one's C may not fit its headers."""
    if importlib.util.find_spec("Cython"):
        return [sys.executable, "-m", "cython"]
    for name in ("cython3", "cython"):
        if shutil.which(name):
            return [name]
    raise Missing("no cython")


def run_tool(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line] or ["it failed"]
        raise Missing(f"cannot compile: {lines[0].strip()}")
    return done.stdout


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout or done.stderr).strip().split("\n")[0]


def cython_module(name):
    """Compiles and imports NAME.pyx. Returns the module, its version text and the seconds taken."""
    import sysconfig

    compiler = os.environ.get("CC", "cc").split()
    if not shutil.which(compiler[0]):
        raise Missing(f"no C compiler '{compiler[0]}'")
    start = time.perf_counter()
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".pyx")
    with tempfile.TemporaryDirectory(prefix="gradus-") as folder:
        generated = os.path.join(folder, name + ".c")
        library = os.path.join(folder, name + sysconfig.get_config_var("EXT_SUFFIX"))
        flags = ["-O3", "-march=native", "-ffp-contract=off", "-fPIC", "-shared", "-w"]
        headers = ["-I" + sysconfig.get_path("include")]
        run_tool(cython_command() + ["-3", source, "-o", generated])
        run_tool(compiler + flags + headers + [generated, "-o", library])
        spec = importlib.util.spec_from_file_location(name, library)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    seconds = time.perf_counter() - start
    cython = first_line(cython_command() + ["--version"]).replace(" version", "")
    return module, f"{cython}, {first_line(compiler + ['--version'])}", seconds


# ---- the truth


def read_npy(path):
    """The elements of a .npy file (format 1 to 3, C order, uint8 int32 int64 float64), flat."""
    with open(path, "rb") as file:
        magic = file.read(8)
        if magic[:6] != b"\x93NUMPY":
            raise ValueError(f"{path}: not a .npy file")
        width = 2 if magic[6] == 1 else 4
        header = ast.literal_eval(file.read(int.from_bytes(file.read(width), "little")).decode())
        codes = {"u1": "B", "i4": "i", "i8": "q", "f8": "d"}
        kind = header["descr"]
        if header["fortran_order"] or kind[1:] not in codes:
            raise ValueError(f"{path}: unexpected type {kind} or order")
        elements = array.array(codes[kind[1:]])
        elements.frombytes(file.read())
    if (kind[0] == ">") != (sys.byteorder == "big"):
        elements.byteswap()
    return elements


def differences(got, want, tolerance):
    """How many elements differ; a NaN where the truth has none differs."""
    if len(got) != len(want):
        return len(want)
    if tolerance == 0:
        return sum(not g == w for g, w in zip(got, want))
    bound = tolerance * max(map(abs, want), default=0)
    return sum(not abs(g - w) <= bound for g, w in zip(got, want))


def verify(outputs, prefix, tolerances):
    for k, (output, tolerance) in enumerate(zip(outputs, tolerances)):
        path = f"{prefix}-{k}.npy"
        if not os.path.exists(path):
            return "not verified: no truth"
        want, got = read_npy(path), array.array(memoryview(output).format)
        got.frombytes(memoryview(output).cast("B"))
        wrong = differences(got, want, tolerance)
        if wrong:
            return f"wrong: {wrong} of {len(want)} differ"
    return "ok"


# ---- one measurement


def measure(peer, seconds):
    """Runs until the time is used, at least once. Returns the times, the first and last outputs."""
    times, first = [], None
    while not times or sum(times) + times[-1] <= seconds:
        inputs = peer.prepare()
        start = time.perf_counter()
        outputs = peer.run(inputs)
        times.append(time.perf_counter() - start)
        first = first or outputs
    return times, first, outputs


def main(variants):
    if len(sys.argv) != 6 or sys.argv[1] not in variants:
        print(f"expected: {'|'.join(variants)} N STEPS SECONDS TRUTH_PREFIX", file=sys.stderr)
        sys.exit(EXIT_USAGE)
    variant, n, steps, seconds, prefix = sys.argv[1:]
    try:
        peer = variants[variant](int(n), int(steps))
    except Missing as reason:
        print(" ".join(str(reason).split()), file=sys.stderr)
        sys.exit(EXIT_MISSING)
    times, first, last = measure(peer, float(seconds))
    verdict = verify(first, prefix, peer.tolerances)
    if verdict == "ok":
        verdict = verify(last, prefix, peer.tolerances)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    line = {
        "seconds": times,
        "verify": verdict,
        "version": ", ".join(filter(None, [python, peer.version])),
        "compile_seconds": peer.compile_seconds,
    }
    print(json.dumps(line))
