// SPDX-License-Identifier: 0BSD
// uint8_dot8_zp_acc: exact dot product of two vectors of integers.
// Latency: 5 clock cycles with en = 1; one result per cycle.
// Longest sum that cannot overflow: 8224 dot products.
// A sum that does not fit wraps.
//
// Made by qrtl 0.1.0 with: qrtl generate dot_product --preset uint8_dot8_zp_acc
// Config digest: cfb385f560b99b22

`default_nettype none

module uint8_dot8_zp_acc (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire               clear,     // starts a new sum with these vectors
    input  wire [63:0]        a,         // multiplicands, the first in the lowest bits
    input  wire [63:0]        b,         // multipliers
    input  wire [7:0]         za,        // zero point of a
    output wire               valid_out, // the outputs count
    output reg  signed [31:0] accum      // sum of the dot products
);

    // One bit a stage, in step with the data.
    reg [4:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 5'd0;
        else if (en)
            valid <= {valid[3:0], valid_in};
    end

    assign valid_out = valid[4];

    wire [135:0] products;

    genvar i;
    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_lane
            wire [7:0] x = a[8*i +: 8];
            wire signed [7:0] y = $signed(b[8*i +: 8]);
            // One bit more than x: the difference spans twice its range.
            wire signed [8:0] x_diff = $signed({1'd0, x}) - $signed({1'd0, za});
            reg signed [16:0] product;

            always @(posedge clk) begin
                if (en)
                    product <= x_diff * y;
            end

            assign products[17*i +: 17] = $unsigned(product);
        end
    endgenerate

    (* keep *) wire [17:0] tree_1_0;
    assign tree_1_0 = {products[16], products[16:0]} + {products[33], products[33:17]};
    (* keep *) wire [17:0] tree_1_1;
    assign tree_1_1 = {products[50], products[50:34]} + {products[67], products[67:51]};
    (* keep *) wire [17:0] tree_1_2;
    assign tree_1_2 = {products[84], products[84:68]} + {products[101], products[101:85]};
    (* keep *) wire [17:0] tree_1_3;
    assign tree_1_3 = {products[118], products[118:102]} + {products[135], products[135:119]};

    reg [17:0] tree_1_0_1;
    reg [17:0] tree_1_1_1;
    reg [17:0] tree_1_2_1;
    reg [17:0] tree_1_3_1;

    always @(posedge clk) begin
        if (en) begin
            tree_1_0_1 <= tree_1_0;
            tree_1_1_1 <= tree_1_1;
            tree_1_2_1 <= tree_1_2;
            tree_1_3_1 <= tree_1_3;
        end
    end

    (* keep *) wire [18:0] tree_2_0;
    assign tree_2_0 = {tree_1_0_1[17], tree_1_0_1} + {tree_1_1_1[17], tree_1_1_1};
    (* keep *) wire [18:0] tree_2_1;
    assign tree_2_1 = {tree_1_2_1[17], tree_1_2_1} + {tree_1_3_1[17], tree_1_3_1};

    reg [18:0] tree_2_0_2;
    reg [18:0] tree_2_1_2;

    always @(posedge clk) begin
        if (en) begin
            tree_2_0_2 <= tree_2_0;
            tree_2_1_2 <= tree_2_1;
        end
    end

    (* keep *) wire [19:0] tree_3_0;
    assign tree_3_0 = {tree_2_0_2[18], tree_2_0_2} + {tree_2_1_2[18], tree_2_1_2};

    reg [19:0] lane_sum;

    always @(posedge clk) begin
        if (en)
            lane_sum <= tree_3_0;
    end

    // clear, in step with the sum.
    reg [3:0] start;

    always @(posedge clk) begin
        if (en)
            start <= {start[2:0], clear};
    end

    always @(posedge clk) begin
        if (rst)
            accum <= 32'd0;
        else if (en && valid[3])
            accum <= (start[3] ? 32'sd0 : accum) + $signed({{12{lane_sum[19]}}, lane_sum});
    end
endmodule

`default_nettype wire
