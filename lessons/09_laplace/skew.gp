# skew.gp -- draws skew.svg: four Gauss-Seidel sweeps under way at one moment.   gnuplot skew.gp
# Sweep s is at point p - s (n + 2), as close as it may be: one row and two columns behind sweep s - 1. The number at a
# point says how many sweeps it has had.
n = 16
at = 10 * n + 13
set terminal svg size 560,560 font "sans,13" background rgb "white"
set output "skew.svg"
set xrange [-0.7:n - 0.3]
set yrange [n - 0.3:-0.7]
set size ratio -1
set xlabel "column j"
set ylabel "row i"
set tics out nomirror
unset colorbox
unset key
set cbrange [0:4]
set palette defined (0 "#ffffff", 1 "#dbe9f6", 2 "#b0d2e8", 3 "#72b2d8", 4 "#3a8ac1")
inner(i, j) = i > 0 && j > 0 && i < n - 1 && j < n - 1
had(p) = p > at ? 0 : int((at - p) / (n + 2)) + 1
done(p) = had(p) > 4 ? 4 : had(p)
set samples n * n
set table $grid
plot [0:n * n - 1] "+" using (int($1 + 0.5) % n):(int($1 + 0.5) / n):(inner(int($1 + 0.5) / n, int($1 + 0.5) % n) ? done(int($1 + 0.5)) : -1) with table
unset table
set title "Four sweeps at once: how many each point has had"
plot [-0.7:n - 0.3] $grid using 1:2:($3 < 0 ? 0 : $3) with image, \
     $grid using 1:2:($3 < 0 ? "e" : sprintf("%d", $3)) with labels textcolor rgb "#444444", \
     "+" using (at % n - 2 * int($0)):(at / n - int($0)) every ::0::3 with points pt 4 ps 2.6 lw 2.5 lc rgb "#c0392b"
