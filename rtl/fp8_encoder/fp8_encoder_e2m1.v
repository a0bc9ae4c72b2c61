// SPDX-License-Identifier: 0BSD
// fp8_encoder_e2m1: nearest 4-bit float to a binary32, ties to even.
// Combinational.
// Round to nearest, ties to even; NaN becomes the zero of the other sign.
// Numbers beyond the largest finite one become it, infinities too.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_encoder --preset fp8_encoder_e2m1
// Config digest: 70a70a13d1abc4a1

`default_nettype none

module fp8_encoder_e2m1 (
    input  wire [31:0] x,   // binary32
    output wire [3:0]  code // the nearest 4-bit float
);

    wire negative = x[31];
    wire is_nan = &x[30:23] & |x[22:0];

    // The bits that a code may have, one below them, and whether there are more. Subnormals of
    // binary32 are far below the least code.
    wire [2:0] head = {|x[30:23], x[22:21]};
    wire rest = |x[20:0];

    // Below the least normal code the step stays the same: the significand moves right, by 7
    // bits at most, which leaves none.
    wire [8:0] difference = {1'b0, x[30:23]} - 9'd127;
    wire is_normal = ~difference[8];
    wire [1:0] steps = is_normal ? difference[1:0] : 2'd0;
    wire is_large = is_normal & |difference[7:2];
    wire is_far = ~&difference[7:3] | ~|difference[2:0];
    wire [2:0] distance = is_normal ? 3'd0 : is_far ? 3'd7 : 3'd0 - difference[2:0];
    wire [2:0] aligned = head >> distance;
    wire is_inexact = rest | |(head & ~({3{1'b1}} << distance));

    // To nearest, ties to even. The hidden bit of a normal code, and a carry out of its fraction,
    // belong into the exponent.
    wire round_up = aligned[0] & (is_inexact | aligned[1]);
    wire [3:0] magnitude = {1'b0, steps, 1'd0} + {2'd0, aligned[2:1]} + {3'd0, round_up};
    wire is_beyond = is_large | magnitude[3];

    assign code = {negative ^ is_nan, is_nan ? 3'h0 : is_beyond ? 3'h7 : magnitude[2:0]};
endmodule

`default_nettype wire
