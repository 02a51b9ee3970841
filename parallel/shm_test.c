// SPDX-License-Identifier: BSD-3-Clause
// Segments: seen by children and by other programs, refused in words, and gone when their users
// are, however these end.
#include "parallel/shm.h"
#include "parallel/fork_team.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const char *self; // this program

// ---- the talk's example ----

static gr_status fill_row(int member, int size, void *context)
{
    (void)size;
    gr_array row = gr_array_slice(*(gr_array *)context, 0, member, member + 1, 1);
    int32_t number = member + 1;
    gr_array_fill(&row, &number);
    return GR_OK;
}

static void two_processes_fill_a_shared_array(void **state)
{
    (void)state;
    gr_shm shm;
    gr_array a;
    assert_int_equal(gr_shm_array(&shm, &a, GR_I32, 2, (size_t[]){2, 2}), GR_OK);
    assert_int_equal(gr_fork_team_run(2, -1, fill_row, &a), GR_OK);
    assert_memory_equal(a.data, ((int32_t[]){1, 1, 2, 2}), 4 * sizeof(int32_t));
    gr_shm_free(&shm);
    gr_shm_free(&shm);
}

// What is not shared is the child's own: the copy is made on the first write.
static void private_memory_stays_private(void **state)
{
    (void)state;
    gr_array a;
    assert_int_equal(gr_array_new(&a, GR_I32, 2, (size_t[]){2, 2}), GR_OK);
    assert_int_equal(gr_fork_team_run(2, -1, fill_row, &a), GR_OK);
    assert_memory_equal(a.data, ((int32_t[]){0, 0, 0, 0}), 4 * sizeof(int32_t));
    gr_array_free(&a);
}

static void a_segment_is_zeroed_and_aligned(void **state)
{
    (void)state;
    gr_shm shm;
    for (size_t bytes = 0; bytes < 100000; bytes += 4999) {
        assert_int_equal(gr_shm_new(&shm, bytes), GR_OK);
        assert_true(shm.bytes >= bytes && shm.bytes > 0);
        assert_int_equal((uintptr_t)shm.data % 4096, 0);
        for (size_t i = 0; i < shm.bytes; i++) assert_int_equal(((char *)shm.data)[i], 0);
        gr_shm_free(&shm);
    }
}

static void a_value_is_an_array_without_dimensions(void **state)
{
    (void)state;
    gr_shm shm;
    gr_array a;
    assert_int_equal(gr_shm_array(&shm, &a, GR_F64, 0, NULL), GR_OK);
    assert_int_equal(gr_array_count(&a), 1);
    *(double *)a.data = 1.5;
    gr_shm_free(&shm);
}

// ---- other programs ----

// What this program does when it is started as another one: looks at a segment and changes it.
static int other_program(const char *name)
{
    gr_shm shm;
    if (gr_shm_attach(&shm, name)) return 2;
    bool right = shm.bytes == 3 * sizeof(int64_t) && ((int64_t *)shm.data)[1] == 41;
    ((int64_t *)shm.data)[1]++;
    gr_shm_free(&shm);
    return right ? 0 : 1;
}

static int run_other(const char *name)
{
    int how = 0;
    pid_t pid = fork();
    if (pid == 0) {
        execl(self, self, "attach", name, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &how, 0), pid);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static void another_program_attaches_by_name(void **state)
{
    (void)state;
    gr_shm shm;
    char name[GR_SHM_NAME];
    assert_int_equal(gr_shm_new(&shm, 3 * sizeof(int64_t)), GR_OK);
    ((int64_t *)shm.data)[1] = 41;
    gr_shm_name(&shm, name);
    assert_int_equal(run_other(name), 0);
    assert_int_equal(((int64_t *)shm.data)[1], 42);
    gr_shm_free(&shm);
    assert_int_equal(run_other(name), 2); // gone with its maker
}

static void bad_names_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        "field",
                                        "1.2",
                                        "1.2.zz",
                                        "0.1.0123456789abcdef",
                                        "-1.1.0123456789abcdef",
                                        "1.-1.0123456789abcdef",
                                        "1.2.0123456789abcdef0",
                                        "1.2.0123456789abcde"};
    gr_shm shm;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(gr_shm_attach(&shm, names[i]), GR_EARG);
        assert_null(shm.data);
    }
}

// The right process and descriptor, but not what the name meant: a pipe, a file, another segment.
static void a_name_that_means_something_else_now_is_refused(void **state)
{
    (void)state;
    gr_shm shm, other;
    char name[GR_SHM_NAME];
    int ends[2], file = open(self, O_RDONLY | O_CLOEXEC);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(gr_shm_new(&shm, 100), GR_OK);
    int fds[] = {ends[0], ends[1], file, shm.fd, 999};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        snprintf(name, sizeof name, "%d.%d.0123456789abcdef", getpid(), fds[i]);
        assert_int_equal(gr_shm_attach(&other, name), GR_ESYS);
        assert_null(other.data);
    }
    gr_shm_free(&shm);
    close(ends[0]), close(ends[1]), close(file);
}

// A file of that very name that is not sealed could be cut under our feet.
static void an_unsealed_segment_is_refused(void **state)
{
    (void)state;
    gr_shm other;
    char name[GR_SHM_NAME];
    int fd = memfd_create("gradus-0123456789abcdef", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    snprintf(name, sizeof name, "%d.%d.0123456789abcdef", getpid(), fd);
    assert_int_equal(gr_shm_attach(&other, name), GR_ESYS);
    close(fd);
}

// ---- too large, too many ----

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    gr_shm shm;
    gr_array a;
    assert_int_equal(gr_shm_new(&shm, SIZE_MAX), GR_ENOMEM);
    assert_int_equal(gr_shm_new(&shm, (size_t)1 << 56), GR_ENOMEM);
    assert_null(shm.data);
    gr_shm_free(&shm);
    assert_int_equal(gr_shm_array(&shm, &a, GR_F64, 2, (size_t[]){SIZE_MAX, SIZE_MAX}), GR_ENOMEM);
    gr_shm_free(&shm);
}

static void a_process_without_descriptors_is_told(void **state)
{
    (void)state;
    gr_shm shm;
    struct rlimit limit, few;
    int next = dup(0);
    close(next);
    getrlimit(RLIMIT_NOFILE, &limit);
    few = (struct rlimit){(rlim_t)next, limit.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    assert_int_equal(gr_shm_new(&shm, 100), GR_ESYS);
    setrlimit(RLIMIT_NOFILE, &limit);
    assert_int_equal(gr_shm_new(&shm, 100), GR_OK);
    gr_shm_free(&shm);
}

// ---- nothing is left ----

static int files_in(const char *path)
{
    DIR *folder = opendir(path);
    int n = 0;
    while (folder && readdir(folder)) n++;
    if (folder) closedir(folder);
    return n;
}

static void nothing_is_left_after_kill_9(void **state)
{
    (void)state;
    int before = files_in("/dev/shm"), ready[2], how;
    assert_int_equal(pipe(ready), 0);
    pid_t maker = fork();
    if (maker == 0) {
        gr_shm shm;
        char name[GR_SHM_NAME] = "";
        if (!gr_shm_new(&shm, 1 << 20)) gr_shm_name(&shm, name);
        if (write(ready[1], name, sizeof name) != sizeof name) _exit(1);
        for (;;) pause();
    }
    char name[GR_SHM_NAME];
    assert_int_equal(read(ready[0], name, sizeof name), sizeof name);
    gr_shm shm, again;
    assert_int_equal(gr_shm_attach(&shm, name), GR_OK);
    kill(maker, SIGKILL);
    assert_int_equal(waitpid(maker, &how, 0), maker);
    assert_int_equal(gr_shm_attach(&again, name), GR_ESYS); // the name died with its maker
    memset(shm.data, 1, shm.bytes);                         // the memory lives while it is mapped
    gr_shm_free(&shm);
    assert_int_equal(files_in("/dev/shm"), before);
    close(ready[0]), close(ready[1]);
}

int main(int argc, char **argv)
{
    self = "/proc/self/exe";
    char path[4096];
    ssize_t length = readlink(self, path, sizeof path - 1);
    if (length > 0) path[length] = '\0', self = path;
    if (argc == 3 && !strcmp(argv[1], "attach")) return other_program(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_processes_fill_a_shared_array),
        cmocka_unit_test(private_memory_stays_private),
        cmocka_unit_test(a_segment_is_zeroed_and_aligned),
        cmocka_unit_test(a_value_is_an_array_without_dimensions),
        cmocka_unit_test(another_program_attaches_by_name),
        cmocka_unit_test(bad_names_are_refused),
        cmocka_unit_test(a_name_that_means_something_else_now_is_refused),
        cmocka_unit_test(an_unsealed_segment_is_refused),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_process_without_descriptors_is_told),
        cmocka_unit_test(nothing_is_left_after_kill_9),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
