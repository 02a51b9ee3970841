# Made by gradus. To draw it again: gnuplot gain-mandelbrot-500.gp
if (!exists("out")) out = "gain-mandelbrot-500.svg"
data = "gain-mandelbrot-500.dat"
set terminal svg size 720,810 noenhanced font "sans-serif,13"
set output out
set title 'mandelbrot, 500 points a side, 100 iterations: gain over the first rung' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'gain over the first rung, log scale (whisker: 95% sure)' textcolor rgb "#777777"
set logscale x
set xrange [1:11415.5]
set yrange [27.6:-0.7]
set xtics ("1x" 1, "10x" 10, "100x" 100, "1000x" 1000, "10000x" 10000)
set border 1
set grid noytics
set ytics scale 0
set style fill solid 0.85 noborder
plot data index 0 using 2:1:(1):2:($1-0.32):($1+0.32):7:ytic(5) with boxxyerror linecolor rgb variable, \
  data index 0 using 2:1:3:4 with xerrorbars linecolor rgb "#777777" linewidth 1.5 pointtype -1, \
  data index 0 using ($4>1?$4:1):1:6 with labels left offset 1,0 textcolor rgb "#777777"
