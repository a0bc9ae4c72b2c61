// SPDX-License-Identifier: 0BSD
// requantizer_gemmlowp: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 4 clock cycles with en = 1; one result per cycle.
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_gemmlowp
// Config digest: 0697b12a7d1fdb10

`default_nettype none

module requantizer_gemmlowp (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
);

    // One bit a stage, in step with the data.
    reg [3:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 4'd0;
        else if (en)
            valid <= {valid[2:0], valid_in};
    end

    assign valid_out = valid[3];

    wire signed [62:0] product = acc * 32'sd1185020333;

    reg signed [62:0] product_1;

    always @(posedge clk)
        if (en) begin
            product_1 <= product;
        end

    // SRDHM: half of the last place added as the bit below it.
    wire signed [31:0] high = $signed(product_1[62:31] + {31'd0, product_1[30]});

    reg signed [31:0] high_2;

    always @(posedge clk)
        if (en) begin
            high_2 <= high;
        end

    // RDBPOT: half away from zero, as half up of a value that is 1 less below zero.
    wire signed [32:0] nudged = $signed({high_2[31], high_2} +
        {26'd0, ~high_2[31], {6{high_2[31]}}});
    wire signed [25:0] scaled = $signed(nudged[32:7]);

    reg signed [25:0] scaled_3;

    always @(posedge clk)
        if (en) begin
            scaled_3 <= scaled;
        end

    wire fits = (&scaled_3[25:7]) | ~(|scaled_3[25:7]);
    wire signed [7:0] offset = $signed(fits ? scaled_3[7:0] : {scaled_3[25], {7{~scaled_3[25]}}});

    always @(posedge clk)
        if (en)
            out <= offset;

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, product_1[29:0], nudged[6:0]};
endmodule

`default_nettype wire
