# speedup.gp -- draws speedup.svg: what one serial ninth does to many cores, and what the size of a
# chunk does to eight workers. Both are computed here, nothing is measured. In this folder:
#   gnuplot speedup.gp
amdahl(f, p) = 1.0 / (f + (1 - f) / p)

# A million numbers of one unit of work each; a message costs as much as a thousand numbers. Chunks
# go to eight workers in rounds.
N = 1e6
M = 1000.0
W = 8.0
rounds(c) = ceil(ceil(N / c) / W)
gain(c) = N / (rounds(c) * ((c < N ? c : N) + M))

set terminal svg size 760,330 font 'sans-serif,12' background rgb 'white'
set output 'speedup.svg'
set multiplot layout 1,2
set key top left Left reverse samplen 1.5
set grid lc rgb '#e0e0e0'

set title 'One ninth of the work is done by one process'
set xlabel 'cores'
set ylabel 'times as fast as one core'
set xrange [1:16]
set yrange [0:16]
set label 1 '4.5 on 8' at 8.4,3.8
plot x with lines lw 2 dt 2 lc rgb '#909090' title 'nothing is serial', \
     amdahl(1 / 9.0, x) with lines lw 2 lc rgb '#c05000' title 'one ninth is', \
     '+' using (8):(4.5) every ::::0 with points pt 7 ps 0.9 lc rgb '#c05000' notitle
unset label

set title 'Eight workers, chunk by chunk'
set xlabel 'numbers in a chunk'
set logscale x
set xrange [1:1e6]
set yrange [0:10]
set format x '10^{%L}'
set samples 700
set label 2 'messages' at 5,1.5
set label 3 'some wait' right at 1.05e5,3.7
plot 8 with lines lw 2 dt 2 lc rgb '#909090' title 'eight cores', \
     gain(floor(x)) with lines lw 2 lc rgb '#0060a0' title 'a message costs 1000 numbers'
unset multiplot
