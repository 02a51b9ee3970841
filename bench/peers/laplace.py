# SPDX-License-Identifier: BSD-3-Clause
"""laplace -- sweeps of the five-point formula in Python: interpreted, vectorised, compiled.

u is (n, n) on the unit square, row i at y = i/(n-1), column j at x = j/(n-1); its edges hold
x^2 - y^2, its inside starts at 0. Each sweep also gives errors[k] = sqrt(sum of (new - old)^2).
python3, numba and cython sweep in place (Gauss-Seidel, the ladder `laplace`); numpy takes all new
values from old ones (the ladder `jacobi`): another algorithm, not a faster version of the first.
Source: the talk's slides "weave and Laplace's equation".
"""
import math
import time
from array import array

from peer import Peer, cython_module, main, need

TOLERANCES = (0, 1e-12)  # the field bit for bit; errors are sums, whose order may differ


def constants(n):
    """dx^2, dy^2 and 1 / (2 (dx^2 + dy^2))."""
    dx = 1.0 / max(n - 1, 1)
    return dx * dx, dx * dx, 1.0 / (2.0 * (dx * dx + dx * dx))


def field(n):
    """The initial u as a list of rows."""
    at = [i / max(n - 1, 1) for i in range(n)]
    u = [[0.0] * n for _ in range(n)]
    for k in range(n):
        u[0][k], u[n - 1][k] = at[k] * at[k], at[k] * at[k] - 1.0
        u[k][0], u[k][n - 1] = -at[k] * at[k], 1.0 - at[k] * at[k]
    u[0][0] = u[n - 1][n - 1] = 0.0
    return u


def flat(rows):
    return array("d", [value for row in rows for value in row])


# ---- python3: a list of lists


def sweep(u, dx2, dy2, dnr_inv):
    n = len(u)
    err = 0.0
    for i in range(1, n - 1):
        for j in range(1, n - 1):
            old = u[i][j]
            u[i][j] = (
                (u[i - 1][j] + u[i + 1][j]) * dy2 + (u[i][j - 1] + u[i][j + 1]) * dx2
            ) * dnr_inv
            diff = u[i][j] - old
            err += diff * diff
    return math.sqrt(err)


def pure(n, steps):
    def run(u):
        errors = array("d", [sweep(u, *constants(n)) for _ in range(steps)])
        return [flat(u), errors]

    return Peer(lambda: field(n), run, tolerances=TOLERANCES)


# ---- numpy: whole-array expressions on slices, every operation with a temporary


def numpy(n, steps):
    np = need("numpy")
    dx2, dy2, dnr_inv = constants(n)

    def run(u):
        errors = np.empty(steps)
        for k in range(steps):
            old = u.copy()
            u[1:-1, 1:-1] = (
                (u[:-2, 1:-1] + u[2:, 1:-1]) * dy2 + (u[1:-1, :-2] + u[1:-1, 2:]) * dx2
            ) * dnr_inv
            errors[k] = math.sqrt(np.sum((u - old) ** 2))
        return [u, errors]

    return Peer(lambda: np.array(field(n)), run, f"numpy {np.__version__}", tolerances=TOLERANCES)


# ---- numba: the same sweep on a numpy array, compiled when it is first called


def numba(n, steps):
    np, nb = need("numpy"), need("numba")

    @nb.njit
    def compiled(u, dx2, dy2, dnr_inv):
        err = 0.0
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                old = u[i, j]
                u[i, j] = (
                    (u[i - 1, j] + u[i + 1, j]) * dy2 + (u[i, j - 1] + u[i, j + 1]) * dx2
                ) * dnr_inv
                diff = u[i, j] - old
                err += diff * diff
        return math.sqrt(err)

    def run(u):
        return [u, np.array([compiled(u, *constants(n)) for _ in range(steps)])]

    start = time.perf_counter()
    run(np.array(field(3)))
    taken = time.perf_counter() - start
    version = f"numba {nb.__version__}, numpy {np.__version__}"
    return Peer(lambda: np.array(field(n)), run, version, taken, TOLERANCES)


# ---- cython: the same sweep with C types, in laplace.pyx


def cython(n, steps):
    module, version, taken = cython_module("laplace")

    def prepare():
        return memoryview(flat(field(n))).cast("B").cast("d", (n, n))

    def run(u):
        return [u, array("d", [module.sweep(u, *constants(n)) for _ in range(steps)])]

    return Peer(prepare, run, version, taken, TOLERANCES)


if __name__ == "__main__":
    main({"python3": pure, "numpy": numpy, "numba": numba, "cython": cython})
