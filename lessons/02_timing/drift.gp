# drift.gp -- draws drift.svg: two identical functions timed on a machine that gets slower by 0.3 %
# from one sample to the next, in blocks and in turn. In this folder: gnuplot drift.gp
set terminal svg size 760,300 font 'sans-serif,12'
set output 'drift.svg'
set multiplot layout 1,2
set xrange [0:49]
set yrange [0.9:1.16]
set samples 48
set xlabel 'sample'
set ylabel 'time of one call / first'
set key bottom right samplen 1 font ',10'
cost(k) = 1 + 0.003 * (k - 1)
middle(first, step) = (cost(first + 11 * step) + cost(first + 12 * step)) / 2
set title 'A A A ... B B B: B seems 7 % slower'
plot sample [k=1:24:1] '+' using 1:(cost($1)) title 'A' pt 7 ps 0.5 lc '#0060a0', \
     [k=25:48:1] '+' using 1:(cost($1)) title 'B, the same function' pt 9 ps 0.5 lc '#c05000', \
     [k=1:24] middle(1, 1) title 'median of A' lw 2 lc '#0060a0', \
     [k=25:48] middle(25, 1) title 'median of B' lw 2 lc '#c05000'
set title 'A B A B ...: no difference'
plot sample [k=1:47:2] '+' using 1:(cost($1)) notitle pt 7 ps 0.5 lc '#0060a0', \
     [k=2:48:2] '+' using 1:(cost($1)) notitle pt 9 ps 0.5 lc '#c05000', \
     [k=1:48] middle(1, 2) notitle lw 2 lc '#0060a0', \
     [k=1:48] middle(2, 2) notitle lw 2 lc '#c05000' dt 2
unset multiplot
