// SPDX-License-Identifier: 0BSD
// int4_dot16: exact dot product of two vectors of integers.
// Latency: 5 clock cycles with en = 1; one result per cycle.
//
// Made by qrtl 0.1.0 with: qrtl generate dot_product --preset int4_dot16
// Config digest: 2163667b46e00e6c

`default_nettype none

module int4_dot16 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire [63:0]        a,         // multiplicands, the first in the lowest bits
    input  wire [63:0]        b,         // multipliers
    output wire               valid_out, // the outputs count
    output wire signed [11:0] sum        // sum of the products, exact
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

    wire [127:0] products;

    genvar i;
    generate
        for (i = 0; i < 16; i = i + 1) begin : gen_lane
            wire signed [3:0] x = $signed(a[4*i +: 4]);
            wire signed [3:0] y = $signed(b[4*i +: 4]);
            reg signed [7:0] product;

            always @(posedge clk) begin
                if (en)
                    product <= x * y;
            end

            assign products[8*i +: 8] = $unsigned(product);
        end
    endgenerate

    (* keep *) wire [8:0] tree_1_0;
    assign tree_1_0 = {products[7], products[7:0]} + {products[15], products[15:8]};
    (* keep *) wire [8:0] tree_1_1;
    assign tree_1_1 = {products[23], products[23:16]} + {products[31], products[31:24]};
    (* keep *) wire [8:0] tree_1_2;
    assign tree_1_2 = {products[39], products[39:32]} + {products[47], products[47:40]};
    (* keep *) wire [8:0] tree_1_3;
    assign tree_1_3 = {products[55], products[55:48]} + {products[63], products[63:56]};
    (* keep *) wire [8:0] tree_1_4;
    assign tree_1_4 = {products[71], products[71:64]} + {products[79], products[79:72]};
    (* keep *) wire [8:0] tree_1_5;
    assign tree_1_5 = {products[87], products[87:80]} + {products[95], products[95:88]};
    (* keep *) wire [8:0] tree_1_6;
    assign tree_1_6 = {products[103], products[103:96]} + {products[111], products[111:104]};
    (* keep *) wire [8:0] tree_1_7;
    assign tree_1_7 = {products[119], products[119:112]} + {products[127], products[127:120]};

    reg [8:0] tree_1_0_1;
    reg [8:0] tree_1_1_1;
    reg [8:0] tree_1_2_1;
    reg [8:0] tree_1_3_1;
    reg [8:0] tree_1_4_1;
    reg [8:0] tree_1_5_1;
    reg [8:0] tree_1_6_1;
    reg [8:0] tree_1_7_1;

    always @(posedge clk) begin
        if (en) begin
            tree_1_0_1 <= tree_1_0;
            tree_1_1_1 <= tree_1_1;
            tree_1_2_1 <= tree_1_2;
            tree_1_3_1 <= tree_1_3;
            tree_1_4_1 <= tree_1_4;
            tree_1_5_1 <= tree_1_5;
            tree_1_6_1 <= tree_1_6;
            tree_1_7_1 <= tree_1_7;
        end
    end

    (* keep *) wire [9:0] tree_2_0;
    assign tree_2_0 = {tree_1_0_1[8], tree_1_0_1} + {tree_1_1_1[8], tree_1_1_1};
    (* keep *) wire [9:0] tree_2_1;
    assign tree_2_1 = {tree_1_2_1[8], tree_1_2_1} + {tree_1_3_1[8], tree_1_3_1};
    (* keep *) wire [9:0] tree_2_2;
    assign tree_2_2 = {tree_1_4_1[8], tree_1_4_1} + {tree_1_5_1[8], tree_1_5_1};
    (* keep *) wire [9:0] tree_2_3;
    assign tree_2_3 = {tree_1_6_1[8], tree_1_6_1} + {tree_1_7_1[8], tree_1_7_1};

    reg [9:0] tree_2_0_2;
    reg [9:0] tree_2_1_2;
    reg [9:0] tree_2_2_2;
    reg [9:0] tree_2_3_2;

    always @(posedge clk) begin
        if (en) begin
            tree_2_0_2 <= tree_2_0;
            tree_2_1_2 <= tree_2_1;
            tree_2_2_2 <= tree_2_2;
            tree_2_3_2 <= tree_2_3;
        end
    end

    (* keep *) wire [10:0] tree_3_0;
    assign tree_3_0 = {tree_2_0_2[9], tree_2_0_2} + {tree_2_1_2[9], tree_2_1_2};
    (* keep *) wire [10:0] tree_3_1;
    assign tree_3_1 = {tree_2_2_2[9], tree_2_2_2} + {tree_2_3_2[9], tree_2_3_2};

    reg [10:0] tree_3_0_3;
    reg [10:0] tree_3_1_3;

    always @(posedge clk) begin
        if (en) begin
            tree_3_0_3 <= tree_3_0;
            tree_3_1_3 <= tree_3_1;
        end
    end

    (* keep *) wire [11:0] tree_4_0;
    assign tree_4_0 = {tree_3_0_3[10], tree_3_0_3} + {tree_3_1_3[10], tree_3_1_3};

    reg [11:0] lane_sum;

    always @(posedge clk) begin
        if (en)
            lane_sum <= tree_4_0;
    end

    assign sum = $signed(lane_sum);
endmodule

`default_nettype wire
