#!/bin/sh
# The self-checking testbench of a generated module under Icarus Verilog, without Rust.
set -eu
qrtl=${QRTL:-qrtl}
build=${1:-build/icarus}
mkdir -p "$build"
"$qrtl" generate int8_mac --with testbench,filelist -o "$build"
iverilog -g2005 -Wall -s int8_mac_tb -o "$build/int8_mac_tb.vvp" "$build"/int8_mac.v "$build"/int8_mac_tb.v
vvp -N "$build/int8_mac_tb.vvp"
