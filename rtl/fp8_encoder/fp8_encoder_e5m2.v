// SPDX-License-Identifier: 0BSD
// fp8_encoder_e5m2: nearest 8-bit float to a binary32, ties to even.
// Combinational. Round to nearest, ties to even; NaN keeps its sign.
// Numbers beyond the largest finite one become infinite.
//
// Made by qrtl 0.1.0 with: qrtl generate fp8_encoder --preset fp8_encoder_e5m2
// Config digest: 9452f6dd34861d2a

`default_nettype none

module fp8_encoder_e5m2 (
    input  wire [31:0] x,   // binary32
    output wire [7:0]  code // the nearest 8-bit float
);

    wire [7:0] exponent = x[30:23];
    wire [22:0] fraction = x[22:0];
    wire is_nan = &exponent & |fraction;

    // Below the least normal code the step stays the same: the significand moves right, past the
    // last bit that can matter at most. Subnormals of binary32 are far below it.
    wire is_normal = exponent >= 8'd113;
    wire [7:0] below = 8'd113 - exponent;
    wire [2:0] distance = is_normal ? 3'd0 : below > 8'd4 ? 3'd4 : below[2:0];
    wire [27:0] window = {|exponent, fraction, 4'd0} >> distance;

    // To nearest, ties to even. The hidden bit of a normal code carries into its exponent.
    wire guard = window[24];
    wire sticky = |window[23:0];
    wire round_up = guard & (sticky | window[25]);
    wire [7:0] steps = is_normal ? exponent - 8'd113 : 8'd0;
    wire [10:0] magnitude = {1'b0, steps, 2'd0} + {8'd0, window[27:25]} + {10'd0, round_up};
    wire is_beyond = magnitude > 11'd123;

    assign code = {x[31], is_nan ? 7'h7e : is_beyond ? 7'h7c : magnitude[6:0]};
endmodule

`default_nettype wire
