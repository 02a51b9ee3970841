# Made by gradus. To draw it again: gnuplot messages.gp
if (!exists("out")) out = "messages.svg"
data = "messages.dat"
set terminal svg size 520,380 noenhanced font "sans-serif,13"
set output out
set title 'A message between two ranks' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set ylabel 'time, log scale' textcolor rgb "#777777"
set xlabel 'bytes, log scale' textcolor rgb "#777777"
set logscale xy
set key top left Left reverse textcolor rgb "#777777"
set xtics ("1 B" 1, "32 B" 32, "1 KiB" 1024, "32 KiB" 32768, "1 MiB" 1048576, "32 MiB" 33554432, "1 GiB" 1073741824)
set ytics ("1 ns" 1e-9, "10 ns" 1e-8, "100 ns" 1e-7, "1 us" 1e-6, "10 us" 1e-5, "100 us" 1e-4, "1 ms" 1e-3, "10 ms" 1e-2, "100 ms" 1e-1, "1 s" 1e0, "10 s" 1e1)
plot 5.04958e-07 + x*5.14859e-10 with lines linewidth 1 dashtype 1 linecolor rgb "#777777" title 'line of the small', \
  1.80506e-06 + x*6.61236e-11 with lines linewidth 1 dashtype 2 linecolor rgb "#777777" title 'line of the large', \
  data using 1:2 with points linecolor rgb 0x4a86c5 pointtype 7 pointsize 0.6 title 'measured'
