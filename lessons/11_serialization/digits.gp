# digits.gp -- draws digits.svg: what is left of a number after it was written and read again, for
# formats and sizes of numbers. gnuplot writes and reads them itself. In this folder: gnuplot digits.gp
set terminal svg size 760,300 font 'sans-serif,12'
set output 'digits.svg'
set logscale xy
set xrange [1e-12:1e12]
set yrange [1e-18:10]
set samples 121
set format xy '10^{%L}'
set xlabel 'the number'
set ylabel 'relative error after reading'
set key outside right samplen 1
# Numbers with digits to lose: pi times a power of ten. An exact return is drawn at the lower edge.
lost(format, x) = abs(real(sprintf(format, x)) - x) / x + 1e-18
number(x) = x * pi / 3
plot lost('%f', number(x)) with lines lw 2 lc '#c05000' title '%f', \
     lost('%g', number(x)) with lines lw 2 lc '#b09000' title '%g', \
     lost('%.15g', number(x)) with points pt 7 ps 0.4 lc '#0060a0' title '%.15g', \
     lost('%.17g', number(x)) with lines lw 3 lc '#008040' title '%.17g: exact'
