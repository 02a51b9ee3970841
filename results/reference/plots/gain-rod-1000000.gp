# Made by gradus. To draw it again: gnuplot gain-rod-1000000.gp
if (!exists("out")) out = "gain-rod-1000000.svg"
data = "gain-rod-1000000.dat"
set terminal svg size 720,285 noenhanced font "sans-serif,13"
set output out
set title 'rod, 1000000 cells, 50 steps: gain over the first rung' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'gain over the first rung, log scale (whisker: 95% sure)' textcolor rgb "#777777"
set logscale x
set xrange [0.736752:3.07481]
set yrange [6.6:-0.7]
set xtics ("1x" 1, "2x" 2)
set border 1
set grid noytics
set ytics scale 0
set style fill solid 0.85 noborder
plot data index 0 using 2:1:(1):2:($1-0.32):($1+0.32):7:ytic(5) with boxxyerror linecolor rgb variable, \
  data index 0 using 2:1:3:4 with xerrorbars linecolor rgb "#777777" linewidth 1.5 pointtype -1, \
  data index 0 using ($4>1?$4:1):1:6 with labels left offset 1,0 textcolor rgb "#777777"
