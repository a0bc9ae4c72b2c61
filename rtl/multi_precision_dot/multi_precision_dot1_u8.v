// SPDX-License-Identifier: 0BSD
// multi_precision_dot1_u8: exact dot product of integers of 8, 4 or 2 bits, selected at run time.
// Latency: 1 clock cycle with en = 1; one result per cycle.
// Products in a sum: 1 of 8 bits, 2 of 4 bits or 4 of 2 bits.
//
// Made by qrtl 0.1.0 with: qrtl generate multi_precision_dot --preset multi_precision_dot1_u8
// Config digest: 3b95472ecf882966

`default_nettype none

module multi_precision_dot1_u8 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire [1:0]         mode,      // numbers: 0 of 8 bits, 1 of 4, 2 and 3 of 2
    input  wire [7:0]         a,         // multiplicands, the first in the lowest bits
    input  wire [7:0]         b,         // multipliers
    output wire               valid_out, // the outputs count
    output reg  signed [15:0] sum        // sum of the products, exact
);

    // One bit a stage, in step with the data.
    reg valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 1'd0;
        else if (en)
            valid <= valid_in;
    end

    assign valid_out = valid;

    wire is_8 = mode == 2'd0;
    wire is_4 = mode == 2'd1;
    wire [15:0] products;

    genvar i;
    generate
        for (i = 0; i < 1; i = i + 1) begin : gen_lane
            wire [7:0] x = a[8*i +: 8];
            wire [7:0] y = b[8*i +: 8];
            wire [7:0] operand_0 = is_8 ? x : is_4 ? {x[3:0], 4'd0} : {x[1:0], 6'd0};
            wire two_0 = y[1] & ~y[0];
            wire [9:0] multiple_0 = (y[0] ? {2'd0, operand_0} : two_0 ? {1'b0, operand_0, 1'b0} :
                10'd0) ^ {10{y[1]}};
            wire [9:0] row_0 = multiple_0 + {9'd0, y[1]};
            wire [7:0] operand_1 = is_8 ? x : is_4 ? {x[3:0], 4'd0} : {2'd0, x[3:2], 4'd0};
            wire below_1 = y[1] & (is_8 | is_4);
            wire one_1 = y[2] ^ below_1;
            wire two_1 = (y[3] ^ y[2]) & ~one_1;
            wire [9:0] multiple_1 = (one_1 ? {2'd0, operand_1} : two_1 ? {1'b0, operand_1, 1'b0} :
                10'd0) ^ {10{y[3]}};
            wire [9:0] row_1 = {{2{row_0[9]}}, row_0[9:2]} + multiple_1 + {9'd0, y[3]};
            wire [7:0] operand_2 = is_8 ? x : is_4 ? {4'd0, x[7:4]} : {4'd0, x[5:4], 2'd0};
            wire below_2 = y[3] & is_8;
            wire one_2 = y[4] ^ below_2;
            wire two_2 = (y[5] ^ y[4]) & ~one_2;
            wire [9:0] multiple_2 = (one_2 ? {2'd0, operand_2} : two_2 ? {1'b0, operand_2, 1'b0} :
                10'd0) ^ {10{y[5]}};
            wire [9:0] row_2 = {{2{row_1[9]}}, row_1[9:2]} + multiple_2 + {9'd0, y[5]};
            wire [7:0] operand_3 = is_8 ? x : is_4 ? {4'd0, x[7:4]} : {6'd0, x[7:6]};
            wire below_3 = y[5] & (is_8 | is_4);
            wire one_3 = y[6] ^ below_3;
            wire two_3 = (y[7] ^ y[6]) & ~one_3;
            wire [9:0] multiple_3 = (one_3 ? {2'd0, operand_3} : two_3 ? {1'b0, operand_3, 1'b0} :
                10'd0) ^ {10{y[7]}};
            wire [9:0] row_3 = {{2{row_2[9]}}, row_2[9:2]} + multiple_3 + {9'd0, y[7]};

            wire [15:0] product = {row_3, row_2[1:0], row_1[1:0], row_0[1:0]};
            assign products[16*i +: 16] = product;
        end
    endgenerate

    wire [15:0] total = products;

    // Narrow products weigh more than wide ones.
    always @(posedge clk) begin
        if (en)
            sum <= $signed(mode == 2'd0 ? total : mode == 2'd1 ? {{4{total[15]}}, total[15:4]} :
                {{6{total[15]}}, total[15:6]});
    end
endmodule

`default_nettype wire
