// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_end.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define DASHES "--------------------------------------------------------------------------\n"

// What a launcher said, and what is made of it.
typedef struct ending {
    const char *launcher, *err;
    int code, signal; // of the launcher
    const char *why;
    int of_rank;      // the signal that is found
    const char *left; // of err
} ending;

static const ending endings[] = {
    // Open MPI 4.1
    {"mpirun",
     DASHES "mpirun noticed that process rank 1 with PID 0 on node vm exited on signal 9 "
            "(Killed).\n" DASHES,
     137, 0, "rank 1 was killed by signal 9 (Killed)", 9, ""},
    {"mpirun",
     DASHES "Primary job  terminated normally, but 1 process returned\n"
            "a non-zero exit code. Per user-direction, the job has been aborted.\n" DASHES DASHES
            "mpirun detected that one or more processes exited with non-zero status, thus causing\n"
            "the job to be terminated. The first process to do so was:\n\n"
            "  Process name: [[8764,1],2]\n  Exit code:    5\n" DASHES,
     5, 0, "rank 2 ended early, with exit code 5", 0, ""},
    // Open MPI 5, whose lines break elsewhere
    {"mpirun",
     "a word of a rank\n" DASHES
     "prterun noticed that process rank 1 with PID 28 on node vm exited "
     "on\nsignal 11 (Segmentation fault).\n" DASHES,
     139, 0, "rank 1 was killed by signal 11 (Segmentation fault)", 11, "a word of a rank\n"},
    {"mpirun",
     DASHES "prterun detected that one or more processes exited with non-zero status,\n"
            "thus causing the job to be terminated. The first process to do so was:\n\n"
            "   Process name: [prterun-vm-72@1,2]\n   Exit code:    5\n" DASHES,
     5, 0, "rank 2 ended early, with exit code 5", 0, ""},
    {"mpirun",
     "gradus: rank 1: no memory\n" DASHES
     "MPI_ABORT was invoked on rank 1 in communicator MPI_COMM_WORLD\n  Proc: [[23063,1],1]\n"
     "  Errorcode: 1\n" DASHES DASHES
     "prterun has exited due to process rank 1 with PID 0 on node vm calling\n\"abort\".\n" DASHES,
     1, 0, "rank 1: no memory", 0, "gradus: rank 1: no memory\n"},
    {"mpirun",
     "gradus: interrupted: 3 of 9 tasks were done\n" DASHES
     "prterun noticed that process rank 0 with PID 7 on node vm exited on\nsignal 9 "
     "(Killed).\n" DASHES,
     137, 0, "rank 0 was killed by signal 9 (Killed)", 9,
     "gradus: interrupted: 3 of 9 tasks were done\n"},
    {"mpirun", DASHES "There are not enough slots available in the system\nto satisfy\n" DASHES, 1,
     0, "mpirun ended with exit code 1: There are not enough slots available in the system", 0, ""},
    {"mpirun", "", -1, 9, "mpirun was killed by signal 9 (Killed)", 9, ""},
    // Slurm
    {"srun",
     "srun: error: n1: task 0: Terminated\nsrun: error: n2: task 3: Killed\n"
     "slurmstepd-n1: error: *** STEP 1.2 ON n1 CANCELLED AT 2000-01-01T00:00:00 ***\n",
     143, 0, "rank 3 was killed by signal 9 (Killed)", 9, ""},
    {"srun",
     "slurmstepd-n1: error: *** STEP 1.3 ON n1 CANCELLED AT 2000-01-01T00:00:00 ***\n"
     "srun: error: n2: task 3: Exited with exit code 14\nsrun: error: n1: tasks 0-1: Killed\n"
     "srun: Terminating StepId=1.3\nsrun: error: n2: task 2: Killed\n",
     14, 0, "ranks 0-1 were killed by signal 9 (Killed)", 9, ""},
    {"srun",
     "srun: error: n1: task 0: Killed\nsrun: error: n1: task 1: Segmentation fault (core dumped)\n",
     14, 0, "rank 1 was killed by signal 11 (Segmentation fault)", 11, ""},
    {"srun", "srun: error: n1: task 0: Killed\nsrun: error: n1: task 1: Exited with exit code 5\n",
     14, 0, "rank 1 ended early, with exit code 5", 0, ""},
    {"srun", "srun: error: n1: tasks 0-1: Terminated\n", 143, 0,
     "ranks 0-1 were killed by signal 15 (Terminated)", 15, ""},
    {"srun", "srun: error: n2: task 2: Exited with exit code 5\n", 5, 0,
     "rank 2 ended early, with exit code 5", 0, ""},
    {"srun", "srun: error: task 2 launch failed: Unspecified error\n", 1, 0,
     "srun ended with exit code 1: srun: error: task 2 launch failed: Unspecified error", 0, ""},
    {"srun", "srun: error: Couldn't find the specified plugin name for mpi/pmix\n", 1, 0,
     "srun ended with exit code 1: srun: error: Couldn't find the specified plugin name for "
     "mpi/pmix",
     0, ""},
    // well
    {"srun", "srun: cluster configuration lacks support for cpu binding\nmine\n", 0, 0, "", 0,
     "mine\n"},
    {"mpirun", DASHES "A warning.\n" DASHES "mine", 0, 0, "", 0, "mine"},
};

static void each_launcher_is_understood(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const ending *e = &endings[i];
        char why[GR_RANKS_WHY] = "unset";
        gr_child child = {.exit_code = e->code, .signal = e->signal, .err = strdup(e->err)};
        assert_non_null(child.err);
        gr_ranks_explain(&child, e->launcher, why);
        assert_string_equal(why, e->why);
        assert_int_equal(child.signal, e->of_rank);
        assert_string_equal(child.err, e->left);
        gr_child_free(&child);
    }
}

static void a_launcher_that_said_nothing(void **state)
{
    (void)state;
    char why[GR_RANKS_WHY];
    gr_child child = {.exit_code = 3};
    gr_ranks_explain(&child, "mpirun", why);
    assert_string_equal(why, "mpirun ended with exit code 3: ");
    child = (gr_child){.exit_code = -1, .signal = 15, .timed_out = true};
    gr_ranks_explain(&child, "mpirun", why);
    assert_string_equal(why, "the ranks did not end in time");
}

// More than is looked at, lines that never end, words cut off: nothing is read or written beyond.
static void any_words_are_survived(void **state)
{
    (void)state;
    const char *const parts[] = {DASHES,
                                 "srun: error: ",
                                 "process rank ",
                                 "Process name: ",
                                 ",",
                                 ": task",
                                 "\n",
                                 "gradus: ",
                                 ": ",
                                 "7"};
    enum { PARTS = sizeof parts / sizeof *parts };
    uint64_t random = 1;
    for (int round = 0; round < 300; round++) {
        char text[20000] = "", why[GR_RANKS_WHY];
        for (int n = round; n > 0; n--) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            strcat(text, parts[(random >> 33) % PARTS]);
        }
        gr_child child = {.exit_code = 1, .err = strdup(text)};
        assert_non_null(child.err);
        gr_ranks_explain(&child, round % 2 ? "srun" : "mpirun", why);
        assert_in_range(strlen(why), 1, GR_RANKS_WHY - 1);
        assert_true(strlen(child.err) <= strlen(text));
        gr_child_free(&child);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_launcher_is_understood),
        cmocka_unit_test(a_launcher_that_said_nothing),
        cmocka_unit_test(any_words_are_survived),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
