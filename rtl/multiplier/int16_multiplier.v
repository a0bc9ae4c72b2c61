// SPDX-License-Identifier: 0BSD
// int16_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset int16_multiplier
// Config digest: d723609f23c3309d

`default_nettype none

module int16_multiplier (
    input  wire signed [15:0] a,      // multiplicand
    input  wire signed [15:0] b,      // multiplier
    output wire signed [31:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
