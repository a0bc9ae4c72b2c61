// SPDX-License-Identifier: 0BSD
// int4_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset int4_multiplier
// Config digest: 67538ae42646941d

`default_nettype none

module int4_multiplier (
    input  wire signed [3:0] a,      // multiplicand
    input  wire signed [3:0] b,      // multiplier
    output wire signed [7:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
