// SPDX-License-Identifier: 0BSD
// requantizer_single: accumulator to output codes under a named rounding rule.
// (R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.
// Latency: 3 clock cycles with en = 1; one result per cycle.
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_single
// Config digest: 572f1c2b006b0bb4

`default_nettype none

module requantizer_single (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
);

    // One bit a stage, in step with the data.
    reg [2:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 3'd0;
        else if (en)
            valid <= {valid[1:0], valid_in};
    end

    assign valid_out = valid[2];

    wire signed [62:0] product = acc * 32'sd1185020333;

    reg signed [62:0] product_1;

    always @(posedge clk)
        if (en) begin
            product_1 <= product;
        end

    // Half up: one bit more than the result, which is added to the bits above it.
    wire signed [25:0] shifted = $signed(product_1[62:37]);
    wire signed [25:0] scaled = $signed({shifted[25], shifted[25:1]} + {25'd0, shifted[0]});

    reg signed [25:0] scaled_2;

    always @(posedge clk)
        if (en) begin
            scaled_2 <= scaled;
        end

    wire fits = (&scaled_2[25:7]) | ~(|scaled_2[25:7]);
    wire signed [7:0] offset = $signed(fits ? scaled_2[7:0] : {scaled_2[25], {7{~scaled_2[25]}}});

    always @(posedge clk)
        if (en)
            out <= offset;

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, product_1[36:0]};
endmodule

`default_nettype wire
