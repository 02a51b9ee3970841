# Made by gradus. To draw it again: gnuplot maps.gp
if (!exists("out")) out = "maps.svg"
data = "maps.dat"
set terminal svg size 560,480 noenhanced font "sans-serif,13"
set output out
set title 'Maps: predicted and measured' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'measured, log scale' textcolor rgb "#777777"
set ylabel 'predicted, log scale' textcolor rgb "#777777"
set logscale xy
set xrange [0.0001:0.1]
set yrange [0.0001:0.1]
set xtics ("100 us" 0.0001, "1 ms" 0.001, "10 ms" 0.01, "100 ms" 0.1)
set ytics ("100 us" 0.0001, "1 ms" 0.001, "10 ms" 0.01, "100 ms" 0.1)
set key top left Left reverse textcolor rgb "#777777"
plot x with lines linecolor rgb "#777777" title 'equal', \
  1.15*x with lines dashtype 2 linecolor rgb "#777777" title '15% off', \
  x/1.15 with lines dashtype 2 linecolor rgb "#777777" notitle, \
  data index 0 using 1:2 with points linecolor rgb 0x4a86c5 pointtype 7 pointsize 0.5 title 'threads', \
  data index 1 using 1:2 with points linecolor rgb 0x4a86c5 pointtype 6 pointsize 0.7 title 'fork'
