// SPDX-License-Identifier: 0BSD
// fp8_encoder_e4m3: nearest 8-bit float to a binary32, ties to even.
// Combinational. Round to nearest, ties to even; NaN keeps its sign.
// Numbers beyond the largest one become NaN: there is no infinity.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_encoder --preset fp8_encoder_e4m3
// Config digest: 88b89d5df9cf436e

`default_nettype none

module fp8_encoder_e4m3 (
    input  wire [31:0] x,   // binary32
    output wire [7:0]  code // the nearest 8-bit float
);

    wire [7:0] exponent = x[30:23];
    wire [22:0] fraction = x[22:0];
    wire is_nan = &exponent & |fraction;

    // Below the least normal code the step stays the same: the significand moves right, past the
    // last bit that can matter at most. Subnormals of binary32 are far below it.
    wire is_normal = exponent >= 8'd121;
    wire [7:0] below = 8'd121 - exponent;
    wire [2:0] distance = is_normal ? 3'd0 : below > 8'd5 ? 3'd5 : below[2:0];
    wire [28:0] window = {|exponent, fraction, 5'd0} >> distance;

    // To nearest, ties to even. The hidden bit of a normal code carries into its exponent.
    wire guard = window[24];
    wire sticky = |window[23:0];
    wire round_up = guard & (sticky | window[25]);
    wire [7:0] steps = is_normal ? exponent - 8'd121 : 8'd0;
    wire [11:0] magnitude = {1'b0, steps, 3'd0} + {8'd0, window[28:25]} + {11'd0, round_up};
    wire is_beyond = magnitude > 12'd126;

    assign code = {x[31], is_nan ? 7'h7f : is_beyond ? 7'h7f : magnitude[6:0]};
endmodule

`default_nettype wire
