// SPDX-License-Identifier: 0BSD
// w4a8_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset w4a8_multiplier
// Config digest: dada0b6e0f39d3fe

`default_nettype none

module w4a8_multiplier (
    input  wire signed [7:0]  a,      // multiplicand
    input  wire signed [3:0]  b,      // multiplier
    output wire signed [11:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
