#!/bin/sh
# Which rounding rule does this third-party requantizer implement, at the scale that it is used with?
set -eu
here=$(dirname "$0")
"${QRTL:-qrtl}" audit "$here/vendor_requantizer.v" --top vendor_requantizer --unit requantizer \
    --map clk=clk,rst=rst_n,valid_in=in_valid,valid_out=out_valid,acc=in_acc,out=out_data \
    --tie in_mult=1185020333,in_shift=7 --set multiplier=1185020333,shift=-7 --expect single
