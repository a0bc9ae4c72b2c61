// SPDX-License-Identifier: 0BSD
// int8_multiplier_p2: exact product of two integers.
// Latency: 2 clock cycles; one product per cycle; no reset.
//
// Made by qrtl 0.1.0 with: qrtl generate multiplier --preset int8_multiplier_p2
// Config digest: 04f635c21872a8a2

`default_nettype none

module int8_multiplier_p2 (
    input  wire               clk,    // acts on the rising edge
    input  wire signed [7:0]  a,      // multiplicand
    input  wire signed [7:0]  b,      // multiplier
    output wire signed [15:0] product // a * b, exact
);

    reg signed [7:0] a_1;
    reg signed [7:0] b_1;

    always @(posedge clk) begin
        a_1 <= a;
        b_1 <= b;
    end

    reg signed [15:0] product_q;

    always @(posedge clk)
        product_q <= a_1 * b_1;

    assign product = product_q;
endmodule

`default_nettype wire
