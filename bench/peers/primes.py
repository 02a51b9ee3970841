# SPDX-License-Identifier: BSD-3-Clause
"""primes -- which of the n numbers from 50 on pass Fermat's test to base 2: the program of the
talk's slide "Task pools", with the pool on all cores that this process may use. Making the pool and
ending it are timed, as in the ladder `primes`.
"""
import multiprocessing
import os
from array import array

from peer import Peer, main

FIRST = 50


def is_prime(num):
    return (num, num == 2 or pow(2, num - 1, num) == 1)


def pool(n, steps):
    workers = len(os.sched_getaffinity(0))
    context = multiprocessing.get_context("fork")

    def run(numbers):
        with context.Pool(workers) as pl:
            results = pl.map(is_prime, numbers)
        return [array("B", [isp for num, isp in results])]

    return Peer(lambda: range(FIRST, FIRST + n), run, f"a pool of {workers}")


if __name__ == "__main__":
    main({"python3": pool})
