// SPDX-License-Identifier: 0BSD
// uint8_mac_zp: multiply-accumulate in two registered stages or more.
// Latency: 2 clock cycles with en = 1; one pair per cycle.
// Longest sum that cannot overflow: 33025 products.
// A sum that does not fit wraps.
//
// Made by qrtl 0.1.0 with: qrtl generate mac --preset uint8_mac_zp
// Config digest: d5012188ff640ec9

`default_nettype none

module uint8_mac_zp (
    input  wire               clk,   // acts on the rising edge
    input  wire               rst,   // synchronous reset, wins over en
    input  wire               en,    // holds every register when 0
    input  wire               clear, // starts a new sum with this pair
    input  wire [7:0]         a,     // multiplicand
    input  wire [7:0]         b,     // multiplier
    input  wire [7:0]         za,    // zero point of a
    input  wire [7:0]         zb,    // zero point of b
    output reg  signed [31:0] accum  // sum of products
);

    // One bit more than a: the difference spans twice its range.
    wire signed [8:0] a_diff = $signed({1'd0, a}) - $signed({1'd0, za});
    // One bit more than b: the difference spans twice its range.
    wire signed [8:0] b_diff = $signed({1'd0, b}) - $signed({1'd0, zb});
    reg signed [16:0] mult_result;
    reg start; // clear, in step with mult_result

    always @(posedge clk) begin
        if (rst) begin
            mult_result <= 17'd0;
            start       <= 1'd0;
        end else if (en) begin
            mult_result <= a_diff * b_diff;
            start       <= clear;
        end
    end

    always @(posedge clk) begin
        if (rst)
            accum <= 32'd0;
        else if (en)
            accum <= (start ? 32'sd0 : accum) + $signed({{15{mult_result[16]}}, mult_result});
    end
endmodule

`default_nettype wire
