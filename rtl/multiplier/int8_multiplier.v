// SPDX-License-Identifier: 0BSD
// int8_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset int8_multiplier
// Config digest: b808f0c769f7dc86

`default_nettype none

module int8_multiplier (
    input  wire signed [7:0]  a,      // multiplicand
    input  wire signed [7:0]  b,      // multiplier
    output wire signed [15:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
