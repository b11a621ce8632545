#!/usr/bin/env bash
# Uses the real window on a virtual display, by keyboard alone: opens the demo, reviews ten pictures, sweeps a page, renames a
# label, takes all of it back, fine-tunes, closes, opens again; then looks at the files and the pictures of the screen.
#
#   cargo build --release && tests/window.sh [FOLDER FOR SCREENSHOTS]
#
# Needs Xvfb, xdotool, ImageMagick's import, python3, and a Vulkan driver (mesa-vulkan-drivers will do). Ends with 0 if all holds.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
docent=${DOCENT:-$root/target/release/docent}
scratch=$(mktemp -d)
shots=${1:-$scratch/shots}
mkdir -p "$shots"
export DISPLAY=:${DISPLAY_NUMBER:-93}
export HOME=$scratch/home XDG_CONFIG_HOME=$scratch/home/.config XDG_DATA_HOME=$scratch/home/.local/share
export XDG_RUNTIME_DIR=$scratch/run WGPU_BACKEND=vulkan
unset WAYLAND_DISPLAY
mkdir -p "$HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    [ "${KEEP:-}" ] || rm -rf "$scratch"
}
trap finish EXIT
fail() { echo "failed: $*" >&2; import -window root "$shots/failed.png" || true; exit 1; }
step() { echo "· $*"; }

Xvfb "$DISPLAY" -screen 0 1440x900x24 >/dev/null 2>&1 &
pids+=($!)
until xdotool getdisplaygeometry >/dev/null 2>&1; do sleep 0.1; done

demo=$scratch/demo
"$docent" demo --out "$demo" --images 60 --seed 5 --annotated 0.4 >/dev/null 2>&1
before_rows=$(sha256sum <"$demo/train.csv")
before_labels=$(sha256sum <"$demo/labels.csv")

open_window() {
    "$docent" "$demo" >"$scratch/window.log" 2>&1 &
    window_pid=$!
    pids+=("$window_pid")
    for _ in $(seq 300); do
        window=$(xdotool search --onlyvisible --pid "$window_pid" 2>/dev/null | tail -1) && [ "$window" ] && break
        kill -0 "$window_pid" 2>/dev/null || fail "the window ended at once: $(tail -3 "$scratch/window.log")"
        sleep 0.1
    done
    [ "$window" ] || fail "no window appeared"
    xdotool windowsize "$window" 1440 900 windowmove "$window" 0 0 windowfocus "$window"
    sleep "${1:-8}"
}
# One press after the other, with time for a frame between them.
press() { for key in "$@"; do xdotool key --window "$window" "$key"; sleep 0.35; done; }
shoot() { sleep 0.6; import -window root "$shots/$1.png"; }
close_window() {
    xdotool windowclose "$window" 2>/dev/null || true
    for _ in $(seq 100); do kill -0 "$window_pid" 2>/dev/null || return 0; sleep 0.1; done
    kill "$window_pid" 2>/dev/null || true
}

step "open"
open_window 10
shoot 1-library

step "ten reviews"
press r
for _ in $(seq 10); do press Return; done
shoot 2-review

step "one sweep"
press s
sleep 1
shoot 3-sweep
press Return
sleep 1

step "a rename"
press l
sleep 0.5
press e
press ctrl+a
xdotool type --window "$window" --delay 60 "tag::renamed here"
press Return
sleep 1.5
shoot 4-vocabulary
grep -q "renamed here" "$demo/labels.csv" || fail "labels.csv has no renamed label"
[ "$(sha256sum <"$demo/train.csv")" != "$before_rows" ] || fail "train.csv did not change"

step "undo of all"
press g
for _ in $(seq 16); do press BackSpace; done
sleep 2.5
shoot 5-undone
[ "$(sha256sum <"$demo/train.csv")" = "$before_rows" ] || fail "train.csv is not what it was"
[ "$(sha256sum <"$demo/labels.csv")" = "$before_labels" ] || fail "labels.csv is not what it was"

step "fine-tune"
press ctrl+t
for _ in $(seq 120); do
    ls "$demo"/.docent/models/*/model.safetensors >/dev/null 2>&1 && break
    sleep 0.5
done
ls "$demo"/.docent/models/*/model.safetensors >/dev/null 2>&1 || fail "no checkpoint was made"
sleep 2
shoot 6-train

step "quit and reopen"
press g
xdotool key --window "$window" alt+F4
close_window
open_window 8
shoot 7-again

for shot in 1-library 2-review 3-sweep 4-vocabulary 5-undone 6-train 7-again; do
    colours=$(identify -format %k "$shots/$shot.png")
    [ "$colours" -gt 500 ] || fail "$shot.png shows nothing ($colours colours)"
done
close_window
[ "$(sha256sum <"$demo/train.csv")" = "$before_rows" ] || fail "closing changed train.csv"
echo "all of it holds; pictures in $shots"
