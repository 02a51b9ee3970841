# Made by gradus. To draw it again: gnuplot latency.gp
if (!exists("out")) out = "latency.svg"
data = "latency.dat"
set terminal svg size 720,380 noenhanced font "sans-serif,13"
set output out
set title 'How long one load takes' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'memory walked through in random order, log scale' textcolor rgb "#777777"
set ylabel 'time of one load [ns], log scale' textcolor rgb "#777777"
set logscale x 2
set logscale y
set yrange [*:499.4]
set xtics ("4 KiB" 4096, "64 KiB" 65536, "1 MiB" 1048576, "16 MiB" 16777216, "256 MiB" 268435456, "4 GiB" 4294967296, "64 GiB" 68719476736)
set ytics (1, 2, 5, 10, 20, 50, 100, 200, 500)
set arrow from first 49152, graph 0 to first 49152, graph 0.93 nohead dashtype 2 linecolor rgb "#777777"
set label 'L1 48 KiB' at first 49152, graph 0.97 center textcolor rgb "#777777"
set arrow from first 2.09715e+06, graph 0 to first 2.09715e+06, graph 0.93 nohead dashtype 2 linecolor rgb "#777777"
set label 'L2 2 MiB' at first 2.09715e+06, graph 0.97 center textcolor rgb "#777777"
set arrow from first 3.14573e+08, graph 0 to first 3.14573e+08, graph 0.93 nohead dashtype 2 linecolor rgb "#777777"
set label 'L3 300 MiB' at first 3.14573e+08, graph 0.97 center textcolor rgb "#777777"
plot data using 1:2 with linespoints linecolor rgb 0x4a86c5 linewidth 1.5 pointtype 7 pointsize 0.5
