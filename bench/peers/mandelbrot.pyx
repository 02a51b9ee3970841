# SPDX-License-Identifier: BSD-3-Clause
# cython: boundscheck=False, wraparound=False
# mandelbrot -- the interpreted program with C types; see mandelbrot.py.


cdef inline int escape(double x, double y, int steps) except? -2 nogil:
    cdef double zx = x, zy = y
    cdef int k
    for k in range(steps):
        zx, zy = zx * zx - zy * zy + x, 2 * zx * zy + y
        if zx * zx + zy * zy >= 4.0:
            return k
    return -1


def fill(const double[::1] xs, const double[::1] ys, int steps, int[:, ::1] counts):
    cdef Py_ssize_t i, j
    with nogil:
        for j in range(ys.shape[0]):
            for i in range(xs.shape[0]):
                counts[j, i] = escape(xs[i], ys[j], steps)
