# SPDX-License-Identifier: BSD-3-Clause
"""mandelbrot -- the case study's counts in Python: interpreted, vectorised, and compiled two ways.

c = x + iy on n points a side, x in [-2, 1], y in [-1.5, 1.5], and z starts at c. One iteration is
z = z*z + c. counts[j, i] is the iteration (0, 1, ...) after which |z|^2 >= 4, or -1. Squares are
products, not powers: a power may round otherwise, and the counts are compared one by one.
Source: the talk's Mandelbrot case study, slides "Make This Fast!" to "Really Fast!".
"""
import time
from array import array

from peer import Peer, cython_module, linspace, main, need


def axes(n):
    return array("d", linspace(-2.0, 1.0, n)), array("d", linspace(-1.5, 1.5, n))


# ---- python3: the program as one first writes it


def escape(x, y, steps):
    zx, zy = x, y
    for k in range(steps):
        zx, zy = zx * zx - zy * zy + x, 2 * zx * zy + y
        if zx * zx + zy * zy >= 4.0:
            return k
    return -1


def pure(n, steps):
    def run(inputs):
        xs, ys = inputs
        counts = array("i", bytes(4 * n * n))
        for j in range(n):
            for i in range(n):
                counts[j * n + i] = escape(xs[i], ys[j], steps)
        return [counts]

    return Peer(lambda: axes(n), run)


# ---- numpy: one operation for all points that are still inside; masks drop those that escape


def numpy(n, steps):
    np = need("numpy")

    def run(inputs):
        xs, ys = inputs
        x, y = (c.ravel() for c in np.meshgrid(xs, ys))
        zx, zy = x.copy(), y.copy()
        counts = np.full(n * n, -1, dtype=np.int32)
        where = np.arange(n * n)
        for k in range(steps):
            zx, zy = zx * zx - zy * zy + x, 2 * zx * zy + y
            escaped = zx * zx + zy * zy >= 4.0
            counts[where[escaped]] = k
            inside = ~escaped
            zx, zy, x, y, where = zx[inside], zy[inside], x[inside], y[inside], where[inside]
        return [counts]

    return Peer(lambda: [np.array(a) for a in axes(n)], run, f"numpy {np.__version__}")


# ---- numba: the interpreted program, compiled when it is first called


def numba(n, steps):
    np, nb = need("numpy"), need("numba")
    escape_compiled = nb.njit(escape)

    @nb.njit
    def fill(xs, ys, steps, counts):
        for j in range(len(ys)):
            for i in range(len(xs)):
                counts[j, i] = escape_compiled(xs[i], ys[j], steps)

    def prepare(points=n):
        return [np.array(a) for a in axes(points)]

    def run(inputs):
        counts = np.empty((len(inputs[1]), len(inputs[0])), dtype=np.int32)
        fill(inputs[0], inputs[1], steps, counts)
        return [counts]

    start = time.perf_counter()
    run(prepare(2))
    taken = time.perf_counter() - start
    return Peer(prepare, run, f"numba {nb.__version__}, numpy {np.__version__}", taken)


# ---- cython: the same loops with C types, in mandelbrot.pyx


def cython(n, steps):
    module, version, taken = cython_module("mandelbrot")

    def run(inputs):
        counts = memoryview(bytearray(4 * n * n)).cast("i", (n, n))
        module.fill(inputs[0], inputs[1], steps, counts)
        return [counts]

    return Peer(lambda: axes(n), run, version, taken)


if __name__ == "__main__":
    main({"python3": pure, "numpy": numpy, "numba": numba, "cython": cython})
