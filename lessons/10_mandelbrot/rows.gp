# rows.gp -- draws rows.svg: the work in each row of the picture, and in blocks of rows for two and
# for three workers. Computes the set on 120 x 120 points itself. In this folder: gnuplot rows.gp
n = 120
steps = 100
c(k, from, to) = from + k * (to - from) / (n - 1.0)
next_x(a, b, x) = a * a - b * b + x
next_y(a, b, y) = 2 * a * b + y
after(a, b, x, y, k) = a * a + b * b >= 4 || k >= steps ? k : \
    after(next_x(a, b, x), next_y(a, b, y), x, y, k + 1)
count(x, y) = after(next_x(x, y, x), next_y(x, y, y), x, y, 1)
row(j) = (sum [i=0:n-1] count(c(i, -2, 1), c(j, -1.5, 1.5)))
array work[n]
total = 0.0
do for [j=0:n-1] { work[j + 1] = row(j); total = total + work[j + 1] }
share(from, to) = (sum [j=from:to-1] work[j + 1]) * 100 / total

set terminal svg size 760,330 font 'sans-serif,12' background rgb 'white'
set output 'rows.svg'
set multiplot layout 1,2
set xrange [0:n]
set yrange [0:*]
set xlabel 'row'
set ylabel 'iterations in the row'
set ytics format '%g'
unset key
set style fill solid 0.6 noborder
set boxwidth 1

set title 'Two blocks: equal, by symmetry'
do for [b=0:1] { set label 1 + b sprintf('%.0f %%', share(n * b / 2, n * (b + 1) / 2)) at n * (b + 0.5) / 2, graph 0.95 center }
plot for [b=0:1] [j=n*b/2:n*(b+1)/2-1] '+' using (j = int($1), j + 0.5):(work[j + 1]) with boxes lc rgb (b ? '#c05000' : '#0060a0')
unset label
set title 'Three blocks: the middle one decides'
do for [b=0:2] { set label 1 + b sprintf('%.0f %%', share(n * b / 3, n * (b + 1) / 3)) at n * (b + 0.5) / 3, graph 0.95 center }
plot for [b=0:2] [j=n*b/3:n*(b+1)/3-1] '+' using (j = int($1), j + 0.5):(work[j + 1]) with boxes lc rgb (b == 1 ? '#c05000' : '#0060a0')
unset multiplot
