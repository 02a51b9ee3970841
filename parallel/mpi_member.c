// SPDX-License-Identifier: BSD-3-Clause
#include "parallel/mpi_member.h"
#include "parallel/mpi_ranks.h"
#include <string.h>

// A program has this table from its Makefile, or not at all.
extern const gr_func *const gr_funcs[] GR_MPI_ONLY;

const gr_func *const *gr_member_funcs(const gr_map *map)
{
    static const gr_func *const none[] = {NULL};
    if (map->options.funcs) return map->options.funcs;
    return gr_funcs ? gr_funcs : none;
}

static gr_status check(const gr_map *map)
{
    int there = gr_ranks();
    if (map->spec.workers <= there) return GR_OK;
    return gr_fail(GR_EUNSUP, "map '%s': %d ranks, of which there %s %d here: start them by mpirun",
                   map->name, map->spec.workers, there == 1 ? "is" : "are", there);
}

// ---- nodes ----

static bool of_nodes(const gr_map_spec *spec)
{
    return spec->inner[0] && !strchr(spec->inner, ':') && strncmp(spec->inner, "serial", 6);
}

// The map's ranks on this rank's node: how many, and which of them is this one? Their cores.
static int look_around(const gr_member *m, bool inside, int *ranks, cpu_set_t *cores)
{
    MPI_Comm node;
    cpu_set_t mine;
    int key = inside ? m->mail.rank : m->mail.rank + m->mail.ranks, me, one = inside;
    CPU_ZERO(&mine);
    if (inside) sched_getaffinity(0, sizeof mine, &mine);
    PMPI_Comm_split_type(m->mail.comm, MPI_COMM_TYPE_SHARED, key, MPI_INFO_NULL, &node);
    PMPI_Comm_rank(node, &me);
    PMPI_Allreduce(&one, ranks, 1, MPI_INT, MPI_SUM, node);
    PMPI_Allreduce(&mine, cores, sizeof mine, MPI_BYTE, MPI_BOR, node);
    PMPI_Comm_free(&node);
    return me;
}

// ---- opening ----

static gr_status open_agent(gr_member *m, const gr_map *map)
{
    bool inside = m->mail.rank < map->spec.workers;
    int workers = 0;
    cpu_set_t cores;
    sched_getaffinity(0, sizeof m->cores, &m->cores);
    if (of_nodes(&map->spec)) {
        if (look_around(m, inside, &workers, &cores) > 0) return GR_OK;
        m->moved = !sched_setaffinity(0, sizeof cores, &cores);
    }
    return inside ? gr_agent_open(&m->agent, map, m->mail.rank, workers) : GR_OK;
}

gr_status gr_member_open(gr_member *m, const gr_map *map, int *works)
{
    *m = (gr_member){.moved = false};
    GR_TRY(check(map));
    gr_status status = gr_mail_open(&m->mail);
    gr_status opened = open_agent(m, map); // collective, too
    status = gr_ranks_agree(status ? status : opened);
    int one = m->agent.inner != NULL;
    if (!status) PMPI_Gather(&one, 1, MPI_INT, works, 1, MPI_INT, 0, m->mail.comm);
    if (status) gr_member_close(m);
    return status;
}

void gr_member_close(gr_member *m)
{
    gr_agent_fini(&m->agent);
    gr_mail_close(&m->mail);
    if (m->moved) sched_setaffinity(0, sizeof m->cores, &m->cores);
    m->moved = false;
}
