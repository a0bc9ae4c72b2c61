// SPDX-License-Identifier: 0BSD
// int8_dct4: exact product of a constant matrix and a vector of integers.
// Combinational.
// Weights: 4 x 4; SHA-256 of their text:
//     8173e677ef2ab0b4c6d1ec07fdf745093ad71ed83ab6becb50969d9489f3d06d
// Architecture: shared.
//
// Made by qrtl 0.1.0 with: qrtl generate constant_matrix --preset int8_dct4
// Config digest: af8f17dd0f4b1294

`default_nettype none

module int8_dct4 (
    input  wire [31:0] x, // a vector, its first element in the lowest bits
    output wire [63:0] y  // weights times x, exact, row 0 in the lowest bits
);

    // 15 adders, at most 4 one after another.
    wire [7:0] x_0 = x[7:0];
    wire [7:0] x_1 = x[15:8];
    wire [7:0] x_2 = x[23:16];
    wire [7:0] x_3 = x[31:24];

    (* keep *) wire [8:0] sum_0;
    assign sum_0 = {x_1[7], x_1} + {x_2[7], x_2};
    (* keep *) wire [8:0] sum_1;
    assign sum_1 = {x_0[7], x_0} - {x_3[7], x_3};
    (* keep *) wire [8:0] sum_2;
    assign sum_2 = {x_1[7], x_1} - {x_2[7], x_2};
    (* keep *) wire [8:0] sum_3;
    assign sum_3 = {x_0[7], x_0} + {x_3[7], x_3};

    (* keep *) wire [11:0] sum_4;
    assign sum_4 = {{3{sum_1[8]}}, sum_1} - {sum_2[8], sum_2, 2'd0};
    (* keep *) wire [9:0] sum_5;
    assign sum_5 = {sum_0[8], sum_0} + {sum_3[8], sum_3};
    (* keep *) wire [10:0] sum_6;
    assign sum_6 = {{2{sum_1[8]}}, sum_1} + {sum_2[8], sum_2, 1'b0};
    (* keep *) wire [13:0] sum_7;
    assign sum_7 = {{5{sum_1[8]}}, sum_1} + {sum_1[8], sum_1, 4'd0};
    (* keep *) wire [9:0] sum_10;
    assign sum_10 = {sum_3[8], sum_3} - {sum_0[8], sum_0};
    (* keep *) wire [10:0] sum_11;
    assign sum_11 = {{2{sum_1[8]}}, sum_1} - {sum_2[8], sum_2, 1'b0};
    (* keep *) wire [10:0] sum_12;
    assign sum_12 = {{2{sum_2[8]}}, sum_2} - {sum_2, 2'd0};

    (* keep *) wire [14:0] sum_8;
    assign sum_8 = {{3{sum_4[11]}}, sum_4} - {sum_6, 4'd0};
    (* keep *) wire [13:0] sum_13;
    assign sum_13 = {{2{sum_4[11]}}, sum_4} + {sum_11, 3'd0};

    (* keep *) wire [15:0] sum_9;
    assign sum_9 = {sum_7, 2'd0} - {sum_8[14], sum_8};
    (* keep *) wire [15:0] sum_14;
    assign sum_14 = {{5{sum_12[10]}}, sum_12} + {sum_13, 2'd0};

    assign y[15:0] = {sum_5, 6'd0};
    assign y[31:16] = sum_9;
    assign y[47:32] = {sum_10, 6'd0};
    assign y[63:48] = sum_14;
endmodule

`default_nettype wire
