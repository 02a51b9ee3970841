#!/bin/sh
# cluster.sh -- MPI ranks in a job of a real Slurm, on two nodes: a network and a host name each, in
# namespaces of this machine. All of it dies with the first process of the process namespace.
set -u
nodes='1 2' cpus=2 net=10.83.0

# ---- the cluster, in namespaces of its own: cluster.sh inside FOLDER

configure() { # what Slurm is told
    cat <<END
ClusterName=gradus
SlurmctldHost=head($net.254)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.sock
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool.%n
TmpFS=$dir/tmp.%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
NodeName=DEFAULT CPUs=$cpus RealMemory=100 State=UNKNOWN
$(for k in $nodes; do echo "NodeName=n$k NodeAddr=$net.$k"; done)
PartitionName=all Nodes=ALL Default=YES State=UP
END
}

boot() { # NUMBER: a node with its network, its folder for what jobs leave, and its slurmd
    mkdir "$dir/tmp.n$1"
    unshare --net --uts sh -c "hostname n$1; while ! ip link set eth0 up 2>/dev/null; do sleep 0.02; done
        ip link set lo up; ip addr add $net.$1/24 dev eth0; exec slurmd -D -N n$1 -f '$dir/slurm.conf'" >"$dir/node$1.out" 2>&1 &
    node=$!
    while [ "$(readlink /proc/$node/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
    ip link add "gr$1" type veth peer name eth0 netns $node
    ip link set "gr$1" master bridge0 up
}

inside() {
    mount --make-rprivate / && mount -t proc proc /proc && hostname head || exit
    { echo '127.0.0.1 localhost' && echo "$net.254 head" && for k in $nodes; do echo "$net.$k n$k"; done; } >"$dir/hosts"
    sed 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf >"$dir/nsswitch.conf"
    mount --bind "$dir/hosts" /etc/hosts && mount --bind "$dir/nsswitch.conf" /etc/nsswitch.conf || exit
    mkdir "$dir/state" && head -c 128 /dev/urandom >"$dir/key" && chmod 400 "$dir/key"
    munged --force --foreground --socket="$dir/munge.sock" --key-file="$dir/key" --pid-file="$dir/munged.pid" --log-file="$dir/munged.log" \
        --seed-file="$dir/seed" >"$dir/munged.out" 2>&1 &
    ip link set lo up && ip link add bridge0 type bridge && ip addr add "$net.254/24" dev bridge0 && ip link set bridge0 up || exit
    configure >"$dir/slurm.conf"
    export SLURM_CONF="$dir/slurm.conf"
    while ! [ -S "$dir/munge.sock" ]; do sleep 0.02; done
    slurmctld -D -c -f "$dir/slurm.conf" >"$dir/slurmctld.out" 2>&1 &
    for k in $nodes; do boot "$k"; done
    while [ "$(sinfo -h -N -t idle -o %N | wc -l)" != 2 ]; do sleep 0.1; done
    salloc -Q -N 2 -n 4 sh "$dir/job"
}
if [ "${1:-}" = inside ]; then
    dir=$2
    inside
    exit
fi

# ---- what is tried in a job of two nodes, with two ranks on each

# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
export PATH="$PATH:/usr/sbin:/sbin"
why=''
for tool in slurmctld slurmd munged salloc ip unshare; do command -v $tool >/dev/null || why="there is no $tool"; done
[ -x "$gradus-mpi" ] || why='built without MPI'
unshare --net --uts --mount --pid --fork ip link add bridge0 type bridge 2>/dev/null || why=${why:-no namespaces and bridges here, which root may make}
if [ -n "$why" ]; then
    skip 'ranks in a job of Slurm' "$why"
    done_testing
    exit
fi
clocks=$root/${BUILD:-build}/parallel/mpi_clocks_test
cat >"$work/job" <<END # both nodes have the same cores: who waits leaves them to the others
export OMPI_MCA_mpi_yield_when_idle=1
cd '$work'
'$gradus' ranks >hello
'$gradus' ranks --procs 2 --per-node 1 >apart
'$gradus' ranks --procs 5 --dry-run >five
'$gradus' map mpi:4 fermat 300:2000 >primes
'$gradus' ranks --procs 4 --check jacobi/mpi-blocks >blocks
'$gradus' ranks --procs 4 --check jacobi/shared >shared 2>&1
echo \$? >>shared
mpirun --allow-run-as-root -n 4 '$clocks' >clocks
only_srun() { env PATH='$work/bin' '$gradus' ranks --procs 4 "\$@"; }
for again in 1 2 3; do only_srun >srun 2>&1 && break; done # PMIx 4 crashes in one start of some hundred
for again in 1 2 3; do
    only_srun --wait 30s >dead 2>&1 &
    while kill -0 \$!; do # until rank 1 has started MPI, and so threads
        for p in \$(pgrep -x gradus-mpi); do
            grep -qzx SLURM_PROCID=1 /proc/\$p/environ && [ \$(ls /proc/\$p/task | wc -l) -ge 3 ] && kill -9 \$p && break 2
        done
        sleep 0.05
    done 2>&-
    wait \$!
    echo \$? >>dead
    grep -q 'signal 11' dead || break
done
END
mkdir "$work/bin" && ln -s "$(command -v srun)" "$work/bin/srun"
ok 'a cluster of two nodes runs a job' timeout --kill-after=5 60 unshare --net --uts --mount --pid --fork --kill-child sh "$root/bench/tests/cluster.sh" inside "$work"
cd "$work" || exit 1
ok 'without a number there is a rank for each task that was granted' grep -q '^4 ranks by mpirun .*, bound to: core$' hello
ok '... on both nodes' sh -c "[ \$(grep -c 'on n1,' hello) = 2 ] && [ \$(grep -c 'on n2,' hello) = 2 ] && grep -q '^ring: ' hello"
ok 'one rank on each node' sh -c "[ \$(grep -c 'on n1,' apart) = 1 ] && [ \$(grep -c 'on n2,' apart) = 1 ]"
ok 'more ranks than were granted are marked' grep -q 'oversubscribed: correctness only' five
"$gradus" map serial fermat 300:2000 >at-home
ok 'a map over both nodes gives what serial gives' cmp primes at-home
ok 'Jacobi in blocks, over both nodes' grep -q 'on 4 ranks: right at all edge sizes' blocks
ok 'ranks on both nodes have one time' grep -q 'one time for all' clocks
ok 'a shared window over both nodes is refused in words' sh -c "grep -q 'shared windows need all ranks on one machine' shared && [ \$(tail -n 1 shared) = 2 ]"
ok 'without mpirun srun starts them' sh -c "grep -q '^4 ranks by srun, bound to: core$' srun && [ \$(grep -c 'on n[12],' srun) = 4 ] && grep -q '^ring: ' srun"
ok '... and nothing else is said' [ "$(wc -l <srun)" = 6 ]
ok 'a rank that dies ends them in one line' grep -qE '^gradus: ranks? [0-9-]+ (was|were) killed by signal 9 ' dead
ok '... with code 1' sh -c "[ \$(wc -l <dead) = 3 ] && [ \$(tail -n 1 dead) = 1 ]"
done_testing
