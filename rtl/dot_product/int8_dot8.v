// SPDX-License-Identifier: 0BSD
// int8_dot8: exact dot product of two vectors of integers.
// Latency: 4 clock cycles with en = 1; one result per cycle.
//
// Made by qrtl 0.1.0 with: qrtl generate dot_product --preset int8_dot8
// Config digest: c214176a508ed33c

`default_nettype none

module int8_dot8 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire [63:0]        a,         // multiplicands, the first in the lowest bits
    input  wire [63:0]        b,         // multipliers
    output wire               valid_out, // the outputs count
    output wire signed [18:0] sum        // sum of the products, exact
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

    wire [127:0] products;

    genvar i;
    generate
        for (i = 0; i < 8; i = i + 1) begin : gen_lane
            wire signed [7:0] x = $signed(a[8*i +: 8]);
            wire signed [7:0] y = $signed(b[8*i +: 8]);
            reg signed [15:0] product;

            always @(posedge clk) begin
                if (en)
                    product <= x * y;
            end

            assign products[16*i +: 16] = $unsigned(product);
        end
    endgenerate

    (* keep *) wire [16:0] tree_1_0;
    assign tree_1_0 = {products[15], products[15:0]} + {products[31], products[31:16]};
    (* keep *) wire [16:0] tree_1_1;
    assign tree_1_1 = {products[47], products[47:32]} + {products[63], products[63:48]};
    (* keep *) wire [16:0] tree_1_2;
    assign tree_1_2 = {products[79], products[79:64]} + {products[95], products[95:80]};
    (* keep *) wire [16:0] tree_1_3;
    assign tree_1_3 = {products[111], products[111:96]} + {products[127], products[127:112]};

    reg [16:0] tree_1_0_1;
    reg [16:0] tree_1_1_1;
    reg [16:0] tree_1_2_1;
    reg [16:0] tree_1_3_1;

    always @(posedge clk) begin
        if (en) begin
            tree_1_0_1 <= tree_1_0;
            tree_1_1_1 <= tree_1_1;
            tree_1_2_1 <= tree_1_2;
            tree_1_3_1 <= tree_1_3;
        end
    end

    (* keep *) wire [17:0] tree_2_0;
    assign tree_2_0 = {tree_1_0_1[16], tree_1_0_1} + {tree_1_1_1[16], tree_1_1_1};
    (* keep *) wire [17:0] tree_2_1;
    assign tree_2_1 = {tree_1_2_1[16], tree_1_2_1} + {tree_1_3_1[16], tree_1_3_1};

    reg [17:0] tree_2_0_2;
    reg [17:0] tree_2_1_2;

    always @(posedge clk) begin
        if (en) begin
            tree_2_0_2 <= tree_2_0;
            tree_2_1_2 <= tree_2_1;
        end
    end

    (* keep *) wire [18:0] tree_3_0;
    assign tree_3_0 = {tree_2_0_2[17], tree_2_0_2} + {tree_2_1_2[17], tree_2_1_2};

    reg [18:0] lane_sum;

    always @(posedge clk) begin
        if (en)
            lane_sum <= tree_3_0;
    end

    assign sum = $signed(lane_sum);
endmodule

`default_nettype wire
