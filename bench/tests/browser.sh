#!/bin/sh
# browser.sh -- the report in a real browser: it renders, offline, at phone width, dark, and printed.
# shellcheck source=bench/tests/tap.sh
. bench/tests/tap.sh
cd "$work" || exit 1
if ! command -v chromium >/dev/null; then
    skip 'the report in a browser' 'no chromium'
    done_testing
    exit
fi
chrome() {
    timeout 90 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$work/profile" "$@" 2>"$work/chrome.log"
}
ok 'a run to show' "$gradus" bench square power --quick --budget 20s --out "$work/run"
# The page says its own size: a script is added to a copy, the report itself has none.
# A browser window cannot be as narrow as a phone, a frame in it can; the page in the frame tells the page around it:
# its width, how many elements end beyond the edge (but those that scroll by themselves), its plots, and the darkest
# contrast of text with the page, as 10 times the ratio by the Web Content Accessibility Guidelines, whether it is dark.
cat >spy.js <<'P'
const lum = c => { const v = c.match(/[0-9.]+/g).slice(0, 3).map(x => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
const page = lum(getComputedStyle(document.body).backgroundColor), width = document.documentElement.clientWidth;
let beyond = 0, least = 21;
for (const e of document.body.querySelectorAll('*')) {
    if (e.getBoundingClientRect().right > width + 1 && !e.closest('.plot') && !e.closest('thead')) beyond++;
    if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
    const text = lum(getComputedStyle(e).color);
    least = Math.min(least, (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05));
}
parent.postMessage([document.documentElement.scrollWidth, beyond, document.querySelectorAll('svg').length, Math.floor(10 * least), page < 0.2 ? 1 : 0].join(' '), '*');
P
measure() { # width chromium-options...
    width=$1
    shift
    { sed 's|</body>||; s|</html>||' run/report.html; echo '<script>'; cat spy.js; echo '</script></body></html>'; } >page.html
    echo "<script>onmessage = e => document.title = e.data</script><iframe src=page.html style='border:0;width:${width}px;height:800px'></iframe>" >frame.html
    for _ in 1 2 3; do # a busy machine's browser is sometimes asked before the page has told
        said=$(chrome --window-size=1300,900 "$@" --virtual-time-budget=5000 --dump-dom "file://$work/frame.html" | sed -n 's|.*<title>\([0-9 ]*\)</title>.*|\1|p' | head -n 1)
        [ -n "$said" ] && break
    done
    echo "$said"
}
# fits WIDTH DARK chromium-options... -- nothing sticks out, there are plots, all text can be read (4.5 to 1), on a dark page or not
fits() {
    wanted=$1 dark=$2
    shift 2
    # shellcheck disable=SC2046 # five numbers
    set -- $(measure "$wanted" "$@")
    echo "width, elements beyond the edge, plots, 10 x contrast, dark: $*"
    [ $# = 5 ] && [ "$1" -le "$wanted" ] && [ "$2" = 0 ] && [ "$3" -ge 1 ] && [ "$4" -ge 45 ] && [ "$5" = "$dark" ]
}
ok 'the report has no script and no address' sh -c '! grep -iE "<script|https?://" run/report.html | grep -v w3.org'
for width in 1200 500 360; do
    ok "it fits $width pixels, and can be read" fits $width 0
    ok "... in dark mode, too" fits $width 1 --blink-settings=preferredColorScheme=0
done
cp run/report.html good.html
fails() { "$@" >said && return 1; cat said; grep -q " [0-9]* [0-9]* [0-9]* [01]$" said; }
sed 's|--quiet: #97a1ad|--quiet: #5a6068|' good.html >run/report.html
ok 'text too dim for a dark page is found' fails fits 360 1 --blink-settings=preferredColorScheme=0
sed 's|prefers-color-scheme: dark|prefers-color-scheme: never|' good.html >run/report.html
ok 'a page that stays light is found' fails fits 360 1 --blink-settings=preferredColorScheme=0
sed 's|<h2|<p style="width:380px">wide</p><h2|' good.html >run/report.html
ok 'what sticks out of a phone is found' fails fits 360 0
cp good.html run/report.html
ok 'it can be seen' chrome --window-size=1200,2000 --screenshot="$work/shot.png" "file://$work/run/report.html"
ok '... and is not blank' [ "$(wc -c <shot.png)" -gt 20000 ]
ok 'it prints' chrome --print-to-pdf="$work/report.pdf" "file://$work/run/report.html"
ok '... on paper' sh -c 'head -c 5 report.pdf | grep -q PDF'
done_testing
