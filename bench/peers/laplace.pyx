# SPDX-License-Identifier: BSD-3-Clause
# cython: boundscheck=False, wraparound=False
# laplace -- the sweep in place with C types; see laplace.py.
from libc.math cimport sqrt


def sweep(double[:, ::1] u, double dx2, double dy2, double dnr_inv):
    cdef Py_ssize_t i, j
    cdef double old, diff, err = 0
    with nogil:
        for i in range(1, u.shape[0] - 1):
            for j in range(1, u.shape[1] - 1):
                old = u[i, j]
                u[i, j] = (
                    (u[i - 1, j] + u[i + 1, j]) * dy2 + (u[i, j - 1] + u[i, j + 1]) * dx2
                ) * dnr_inv
                diff = u[i, j] - old
                err += diff * diff
    return sqrt(err)
