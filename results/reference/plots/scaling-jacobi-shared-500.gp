# Made by gradus. To draw it again: gnuplot scaling-jacobi-shared-500.gp
if (!exists("out")) out = "scaling-jacobi-shared-500.svg"
data = "scaling-jacobi-shared-500.dat"
set terminal svg size 520,380 noenhanced font "sans-serif,13"
set output out
set title 'jacobi, shared' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'workers' textcolor rgb "#777777"
set ylabel 'gain over the best rung on one core' textcolor rgb "#777777"
set logscale xy 2
set xrange [0.9:2.24]
set yrange [*:2.5]
set xtics (1, 2)
set key top left Left reverse textcolor rgb "#777777"
serial = 0.516918 # the part that does not divide, fitted by Amdahl's law
plot x with lines dashtype 2 linecolor rgb "#777777" title 'ideal', \
  1/(serial + (1 - serial)/x) with lines linecolor rgb 0x9dbbe0 linewidth 2 title 'Amdahl, serial part 52 %', \
  data using 1:2:3:4 with yerrorlines linecolor rgb 0x4a86c5 linewidth 1.5 pointtype 7 pointsize 0.6 title 'measured'
