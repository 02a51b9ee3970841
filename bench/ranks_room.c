// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ranks_room.h"
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHM "/dev/shm"

static char room[64]; // "": none

// What is to lie there: the job's own files, and the memory that ranks share (4.1's names, 5's).
static const char *const settings[] = {
    "OMPI_MCA_orte_tmpdir_base",
    "PRTE_MCA_prte_tmpdir_base",
    "OMPI_MCA_btl_vader_backing_directory",
    "OMPI_MCA_btl_sm_backing_directory",
    "OMPI_MCA_osc_sm_backing_directory",
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *ftw)
{
    (void)s, (void)kind, (void)ftw;
    return remove(path);
}

static void remove_all(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

static bool gone(long pid) { return pid > 0 && kill((pid_t)pid, 0) && errno == ESRCH; }

static void sweep(const char *prefix)
{
    DIR *folder = opendir(SHM);
    for (const struct dirent *e; folder && (e = readdir(folder)) != NULL;) {
        size_t length = strlen(prefix);
        char path[sizeof SHM + sizeof e->d_name + 1];
        if (strncmp(e->d_name, prefix, length) || !gone(strtol(e->d_name + length, NULL, 10)))
            continue;
        snprintf(path, sizeof path, SHM "/%s", e->d_name);
        remove_all(path);
    }
    if (folder) closedir(folder);
}

void gr_ranks_room_make(void)
{
    char prefix[48];
    if (getenv("SLURM_JOB_ID")) return;
    snprintf(prefix, sizeof prefix, "gradus-ranks.%u.", geteuid());
    sweep(prefix);
    snprintf(room, sizeof room, SHM "/%s%d", prefix, (int)getpid());
    if (mkdir(room, 0700)) {
        room[0] = '\0';
        return;
    }
    for (int i = 0; i < SETTINGS; i++) setenv(settings[i], room, 0);
}

void gr_ranks_room_free(void)
{
    if (!room[0]) return;
    for (int i = 0; i < SETTINGS; i++) {
        const char *value = getenv(settings[i]);
        if (value && !strcmp(value, room)) unsetenv(settings[i]);
    }
    remove_all(room);
    room[0] = '\0';
}
