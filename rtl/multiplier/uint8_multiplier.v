// SPDX-License-Identifier: 0BSD
// uint8_multiplier: exact product of two integers.
// Combinational.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset uint8_multiplier
// Config digest: 62676df9cac96e85

`default_nettype none

module uint8_multiplier (
    input  wire [7:0]  a,      // multiplicand
    input  wire [7:0]  b,      // multiplier
    output wire [15:0] product // a * b, exact
);

    assign product = a * b;
endmodule

`default_nettype wire
