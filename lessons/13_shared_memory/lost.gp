# lost.gp -- draws lost.svg: two cores add 1 to the same counter ten times each, by a load and a store. Before every access
# a coin says whose turn it is. What does the counter show in the end? In this folder: gnuplot lost.gp
set terminal svg size 640,320 font 'sans-serif,13' background rgb 'white'
set output 'lost.svg'
times = 10
runs = 10000
array Ended[2 * times]
do for [k = 1:2 * times] { Ended[k] = 0 }
array Left[2]
array Seen[2]
x = rand(13)
do for [run = 1:runs] {
    count = 0
    do for [c = 1:2] { Left[c] = times; Seen[c] = -1 }
    while (Left[1] + Left[2] > 0) {
        c = rand(0) < 0.5 ? 1 : 2
        if (Left[c] == 0) { c = 3 - c }
        if (Seen[c] < 0) { Seen[c] = count } else { count = Seen[c] + 1; Seen[c] = -1; Left[c] = Left[c] - 1 }
    }
    Ended[count] = Ended[count] + 1
}
set title sprintf("Two cores, %d additions each: what the counter shows in %d runs", times, runs)
set xlabel 'counter at the end'
set ylabel 'of all runs'
set format y '%.0f %%'
set xrange [0:2 * times + 1]
set yrange [0:*]
set xtics 2
set tics out nomirror
set boxwidth 0.8
set style fill solid 0.8
set arrow from 2 * times, graph 0.35 to 2 * times, graph 0.04 lc rgb '#c0392b' lw 2
set label 'right' at 2 * times, graph 0.4 center tc rgb '#c0392b'
plot Ended using 1:(100.0 * $2 / runs) with boxes lc rgb '#3a8ac1' notitle
