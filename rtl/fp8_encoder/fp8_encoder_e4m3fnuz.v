// SPDX-License-Identifier: 0BSD
// fp8_encoder_e4m3fnuz: nearest 8-bit float to a binary32, ties to even.
// Combinational.
// Round to nearest, ties to even; NaN becomes 80.
// Numbers beyond the largest one become NaN: there is no infinity.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_encoder --preset fp8_encoder_e4m3fnuz
// Config digest: fdaeb9c393853394

`default_nettype none

module fp8_encoder_e4m3fnuz (
    input  wire [31:0] x,   // binary32
    output wire [7:0]  code // the nearest 8-bit float
);

    wire negative = x[31];
    wire is_nan = &x[30:23] & |x[22:0];

    // The bits that a code may have, one below them, and whether there are more. Subnormals of
    // binary32 are far below the least code.
    wire [4:0] head = {|x[30:23], x[22:19]};
    wire rest = |x[18:0];

    // Below the least normal code the step stays the same: the significand moves right, by 7
    // bits at most, which leaves none.
    wire [8:0] difference = {1'b0, x[30:23]} - 9'd120;
    wire is_normal = ~difference[8];
    wire [3:0] steps = is_normal ? difference[3:0] : 4'd0;
    wire is_large = is_normal & |difference[7:4];
    wire is_far = ~&difference[7:3] | ~|difference[2:0];
    wire [2:0] distance = is_normal ? 3'd0 : is_far ? 3'd7 : 3'd0 - difference[2:0];
    wire [4:0] aligned = head >> distance;
    wire is_inexact = rest | |(head & ~({5{1'b1}} << distance));

    // To nearest, ties to even. The hidden bit of a normal code, and a carry out of its fraction,
    // belong into the exponent.
    wire round_up = aligned[0] & (is_inexact | aligned[1]);
    wire [7:0] magnitude = {1'b0, steps, 3'd0} + {4'd0, aligned[4:1]} + {7'd0, round_up};
    wire is_beyond = is_large | magnitude[7];

    assign code = is_nan | is_beyond ? 8'h80 : {negative & |magnitude[6:0], magnitude[6:0]};
endmodule

`default_nettype wire
