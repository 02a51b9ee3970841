# Made by gradus. To draw it again: gnuplot strong-weak-jacobi-shared.gp
if (!exists("out")) out = "strong-weak-jacobi-shared.svg"
data = "strong-weak-jacobi-shared.dat"
set terminal svg size 520,380 noenhanced font "sans-serif,13"
set output out
set title 'jacobi, shared: the same and a growing problem' textcolor rgb "#777777"
set border 3 linecolor rgb "#777777"
set tics out nomirror textcolor rgb "#777777"
set grid linecolor rgb "#777777" linewidth 0.3 dashtype 3
unset key
set xlabel 'ranks, log scale' textcolor rgb "#777777"
set ylabel 'efficiency: 1 is ideal' textcolor rgb "#777777"
set logscale x 2
set xrange [0.9:2.24]
set yrange [0:1.65]
set xtics (1, 2)
set ytics 0, 0.2, 1.2
set key top right vertical maxrows 4 samplen 2 textcolor rgb "#777777"
serial = 0.399913 # the part that does not divide, by Amdahl's law
growing = 0.643827 # ... by Gustafson's
plot 1 with lines dashtype 2 linecolor rgb "#777777" title 'ideal', \
  1/(serial*x + 1 - serial) with lines linecolor rgb 0x9dbbe0 linewidth 2 title 'Amdahl, 40 %', \
  (x - growing*(x - 1))/x with lines linecolor rgb "#777777" linewidth 1 title 'Gustafson, 64 %', \
  data index 0 using 1:2:3:4 with yerrorbars linecolor rgb 0x4a86c5 linewidth 1.5 pointtype 7 pointsize 0.6 title 'strong', \
  data index 1 using 1:2:3:4 with yerrorbars linecolor rgb "#777777" linewidth 1.5 pointtype 5 pointsize 0.6 title 'weak'
