// SPDX-License-Identifier: 0BSD
// int8_mac_sat20: multiply-accumulate in two registered stages or more.
// Latency: 2 clock cycles with en = 1; one pair per cycle.
// Longest sum that cannot overflow: 31 products.
// A sum that does not fit stops at the limit, and goes on from there.
//
// Made by qrtl 0.1.0 with: qrtl generate mac --preset int8_mac_sat20
// Config digest: f99c9d125ce62c30

`default_nettype none

module int8_mac_sat20 (
    input  wire               clk,     // acts on the rising edge
    input  wire               rst,     // synchronous reset, wins over en
    input  wire               en,      // holds every register when 0
    input  wire               clear,   // starts a new sum with this pair
    input  wire signed [7:0]  a,       // multiplicand
    input  wire signed [7:0]  b,       // multiplier
    output reg  signed [19:0] accum,   // sum of products
    output reg                overflow // this sum left its range
);

    reg signed [15:0] mult_result;
    reg start; // clear, in step with mult_result

    always @(posedge clk) begin
        if (rst) begin
            mult_result <= 16'd0;
            start       <= 1'd0;
        end else if (en) begin
            mult_result <= a * b;
            start       <= clear;
        end
    end

    // One bit more than accum: the sum of two values always fits.
    wire [20:0] base = start ? 21'd0 : {accum[19], accum};
    wire [20:0] sum = base + {{5{mult_result[15]}}, mult_result};
    wire outside = sum[20] ^ sum[19];

    always @(posedge clk) begin
        if (rst) begin
            accum    <= 20'd0;
            overflow <= 1'b0;
        end else if (en) begin
            accum    <= $signed(outside ? {sum[20], {19{~sum[20]}}} : sum[19:0]);
            overflow <= outside | (overflow & ~start);
        end
    end
endmodule

`default_nettype wire
