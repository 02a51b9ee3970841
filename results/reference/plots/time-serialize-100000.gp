# Made by gradus. To draw it again: gnuplot time-serialize-100000.gp
if (!exists("out")) out = "time-serialize-100000.svg"
data = "time-serialize-100000.dat"
set terminal svg size 720,285 noenhanced font "sans-serif,13"
set output out
set title 'serialize, 100000 numbers: time of one run' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'time of one run, log scale (bar: median; whisker: 95% sure; dots: launches)' textcolor rgb "#777777"
set logscale x
set xrange [3.90377e-05:0.650315]
set yrange [6.6:-0.7]
set xtics ("100 us" 0.0001, "1 ms" 0.001, "10 ms" 0.01, "100 ms" 0.1)
set border 1
set grid noytics
set ytics scale 0
set style fill solid 0.85 noborder
plot data index 0 using 2:1:(3.90377e-05):2:($1-0.32):($1+0.32):7:ytic(5) with boxxyerror linecolor rgb variable, \
  data index 0 using 2:1:3:4 with xerrorbars linecolor rgb "#777777" linewidth 1.5 pointtype -1, \
  data index 1 using 1:2 with points pointtype 7 pointsize 0.25 linecolor rgb "#777777", \
  data index 0 using ($4>3.90377e-05?$4:3.90377e-05):1:6 with labels left offset 1,0 textcolor rgb "#777777"
