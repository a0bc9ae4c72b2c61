#!/bin/sh
# A generated module as a FuseSoC core, simulated by FuseSoC's Icarus flow.
set -eu
build=${1:-build/fusesoc}
mkdir -p "$build"
"${QRTL:-qrtl}" generate int8_mac --with testbench,core -o "$build/cores"
cd "$build"
core=$(sed -n 's/^name: *//p' cores/int8_mac.core)
fusesoc --cores-root cores run --target=sim --tool=icarus "$core" | tee fusesoc.log
grep -q PASS fusesoc.log
