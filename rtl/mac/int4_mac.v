// SPDX-License-Identifier: 0BSD
// int4_mac: multiply-accumulate in two registered stages or more.
// Latency: 2 clock cycles with en = 1; one pair per cycle.
// Longest sum that cannot overflow: 33554431 products.
// A sum that does not fit wraps.
//
// Made by qrtl 0.1.0 with: qrtl generate mac --preset int4_mac
// Config digest: 2a2a9efd8af0573a

`default_nettype none

module int4_mac (
    input  wire               clk,   // acts on the rising edge
    input  wire               rst,   // synchronous reset, wins over en
    input  wire               en,    // holds every register when 0
    input  wire               clear, // starts a new sum with this pair
    input  wire signed [3:0]  a,     // multiplicand
    input  wire signed [3:0]  b,     // multiplier
    output reg  signed [31:0] accum  // sum of products
);

    reg signed [7:0] mult_result;
    reg start; // clear, in step with mult_result

    always @(posedge clk) begin
        if (rst) begin
            mult_result <= 8'd0;
            start       <= 1'd0;
        end else if (en) begin
            mult_result <= a * b;
            start       <= clear;
        end
    end

    always @(posedge clk) begin
        if (rst)
            accum <= 32'd0;
        else if (en)
            accum <= (start ? 32'sd0 : accum) + $signed({{24{mult_result[7]}}, mult_result});
    end
endmodule

`default_nettype wire
