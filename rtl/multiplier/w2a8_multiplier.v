// SPDX-License-Identifier: 0BSD
// w2a8_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset w2a8_multiplier
// Config digest: 8c53dc604164ba6e

`default_nettype none

module w2a8_multiplier (
    input  wire signed [7:0] a,      // multiplicand
    input  wire signed [1:0] b,      // multiplier
    output wire signed [9:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
