# Made by gradus. To draw it again: gnuplot workers-mandelbrot-500.gp
if (!exists("out")) out = "workers-mandelbrot-500.svg"
data = "workers-mandelbrot-500.dat"
set terminal svg size 720,615 noenhanced font "sans-serif,13"
set output out
set title 'mandelbrot, 500 points a side, 100 iterations: what each worker did' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'time in one run [ms] (full: busy, pale: idle)' textcolor rgb "#777777"
set xrange [0:3.62085]
set yrange [19.8:-0.7]
set border 1
set grid noytics
set ytics scale 0
set style fill solid 0.85 noborder
plot data using (0):1:(0):2:($1-0.32):($1+0.32):ytic(4) with boxxyerror linecolor rgb 0x4a86c5, \
  data using 2:1:2:3:($1-0.32):($1+0.32) with boxxyerror fill solid 0.5 noborder linecolor rgb 0x9dbbe0, \
  data using 3:1:5 with labels left offset 1,0 textcolor rgb "#777777"
