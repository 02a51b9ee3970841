# Made by gradus. To draw it again: gnuplot contest.gp
if (!exists("out")) out = "contest.svg"
data = "contest.dat"
set terminal svg size 760,440 noenhanced font "sans-serif,13"
set output out
set title 'Targets reached by solvers' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'evaluations, log scale' textcolor rgb "#777777"
set ylabel 'part of all targets reached' textcolor rgb "#777777"
set logscale x
set xrange [1:50000]
set yrange [0:1]
set format x '%.0s%c'
set key outside right top Left reverse textcolor rgb "#777777"
plot  data index 0 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 1 pointinterval 9 pointsize 0.6 title 'quadratic', \
  data index 1 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 2 pointinterval 10 pointsize 0.6 title 'lbfgs', \
  data index 2 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 3 pointinterval 11 pointsize 0.6 title 'cma', \
  data index 3 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 4 pointinterval 12 pointsize 0.6 title 'neldermead,adaptive', \
  data index 4 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 5 pointinterval 13 pointsize 0.6 title 'powell', \
  data index 5 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 6 pointinterval 9 pointsize 0.6 title 'de', \
  data index 6 using 1:2 with linespoints linecolor rgb 0x4a86c5 pointtype 7 pointinterval 10 pointsize 0.6 title 'swarm', \
  data index 7 using 1:2 with linespoints linecolor rgb "#777777" pointtype 8 pointinterval 11 pointsize 0.6 title 'bobyqa (NLopt)', \
  data index 8 using 1:2 with linespoints linecolor rgb "#777777" pointtype 9 pointinterval 12 pointsize 0.6 title 'newuoa (NLopt)', \
  data index 9 using 1:2 with linespoints linecolor rgb "#777777" pointtype 10 pointinterval 13 pointsize 0.6 title 'praxis (NLopt)', \
  data index 10 using 1:2 with linespoints linecolor rgb "#777777" pointtype 11 pointinterval 9 pointsize 0.6 title 'neldermead (NLopt)', \
  data index 11 using 1:2 with linespoints linecolor rgb "#777777" pointtype 12 pointinterval 10 pointsize 0.6 title 'sbplx (NLopt)', \
  data index 12 using 1:2 with linespoints linecolor rgb "#777777" pointtype 13 pointinterval 11 pointsize 0.6 title 'cobyla (NLopt)', \
  data index 13 using 1:2 with linespoints linecolor rgb "#777777" pointtype 1 pointinterval 12 pointsize 0.6 title 'crs2 (NLopt)'
