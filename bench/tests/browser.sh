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
measure() { # width
    sed "s|</body>|<script>document.title = document.documentElement.scrollWidth + ' ' + document.images.length + ' ' + document.querySelectorAll('svg').length</script></body>|" \
        run/report.html >page.html
    chrome --window-size="$1",800 --dump-dom "file://$work/page.html" | sed -n 's|.*<title>\([0-9]* [0-9]* [0-9]*\)</title>.*|\1|p' | head -n 1
}
ok 'the report has no script and no address' sh -c '! grep -iE "<script|https?://" run/report.html | grep -v w3.org'
ok 'it fills a wide window' sh -c "[ '$(measure 1200 | cut -d' ' -f1)' -le 1200 ]"
ok 'at phone width nothing sticks out' sh -c "[ '$(measure 500 | cut -d' ' -f1)' -le 500 ]"
ok 'its plots are inside' sh -c "[ '$(measure 1200 | cut -d' ' -f3)' -ge 1 ]"
ok 'it can be seen' chrome --window-size=1200,2000 --screenshot="$work/shot.png" "file://$work/run/report.html"
ok '... and is not blank' [ "$(wc -c <shot.png)" -gt 20000 ]
ok 'it prints' chrome --print-to-pdf="$work/report.pdf" "file://$work/run/report.html"
ok '... on paper' sh -c 'head -c 5 report.pdf | grep -q PDF'
done_testing
