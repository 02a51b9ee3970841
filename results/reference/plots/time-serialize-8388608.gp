# Made by gradus. To draw it again: gnuplot time-serialize-8388608.gp
if (!exists("out")) out = "time-serialize-8388608.svg"
data = "time-serialize-8388608.dat"
set terminal svg size 720,185 noenhanced font "sans-serif,13"
set output out
set title 'serialize, 8388608 numbers: time of one run' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'time of one run, log scale (bar: median; whisker: 95% sure; dots: launches)' textcolor rgb "#777777"
set logscale x
set xrange [0.0206436:1.17583]
set yrange [2.6:-0.7]
set xtics ("50 ms" 0.05, "100 ms" 0.1, "200 ms" 0.2, "500 ms" 0.5, "1 s" 1)
set border 1
set grid noytics
set ytics scale 0
set style fill solid 0.85 noborder
plot data index 0 using 2:1:(0.0206436):2:($1-0.32):($1+0.32):7:ytic(5) with boxxyerror linecolor rgb variable, \
  data index 0 using 2:1:3:4 with xerrorbars linecolor rgb "#777777" linewidth 1.5 pointtype -1, \
  data index 1 using 1:2 with points pointtype 7 pointsize 0.25 linecolor rgb "#777777", \
  data index 0 using ($4>0.0206436?$4:0.0206436):1:6 with labels left offset 1,0 textcolor rgb "#777777"
