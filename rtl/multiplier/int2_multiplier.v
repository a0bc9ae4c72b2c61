// SPDX-License-Identifier: 0BSD
// int2_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset int2_multiplier
// Config digest: 42386fb47f71753c

`default_nettype none

module int2_multiplier (
    input  wire signed [1:0] a,      // multiplicand
    input  wire signed [1:0] b,      // multiplier
    output wire signed [3:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
