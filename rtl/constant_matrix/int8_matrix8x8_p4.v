// SPDX-License-Identifier: 0BSD
// int8_matrix8x8_p4: exact product of a constant matrix and a vector of integers.
// Latency: 4 clock cycles; one vector per cycle; no reset.
// Weights: 8 x 8; SHA-256 of their text:
//     ef5d368e5124c9cc7dc125e4689579802f3e1191d6e2b92d412841762cce045c
// Architecture: shared.
//
// Made by qrtl 0.1.0 with: qrtl generate constant_matrix --preset int8_matrix8x8_p4
// Config digest: 8f6b6bdc3daef3f9

`default_nettype none

module int8_matrix8x8_p4 (
    input  wire         clk, // acts on the rising edge
    input  wire [63:0]  x,   // a vector, its first element in the lowest bits
    output wire [143:0] y    // weights times x, exact, row 0 in the lowest bits
);

    // 98 adders, at most 6 one after another.
    wire [7:0] x_0 = x[7:0];
    wire [7:0] x_1 = x[15:8];
    wire [7:0] x_2 = x[23:16];
    wire [7:0] x_3 = x[31:24];
    wire [7:0] x_4 = x[39:32];
    wire [7:0] x_5 = x[47:40];
    wire [7:0] x_6 = x[55:48];
    wire [7:0] x_7 = x[63:56];

    (* keep *) wire [8:0] sum_0;
    assign sum_0 = {x_2[7], x_2} + {x_7[7], x_7};
    (* keep *) wire [8:0] sum_1;
    assign sum_1 = {x_1[7], x_1} - {x_5[7], x_5};
    (* keep *) wire [8:0] sum_2;
    assign sum_2 = {x_2[7], x_2} - {x_7[7], x_7};
    (* keep *) wire [8:0] sum_3;
    assign sum_3 = {x_0[7], x_0} - {x_6[7], x_6};
    (* keep *) wire [9:0] sum_4;
    assign sum_4 = {{2{x_4[7]}}, x_4} - {x_4, 2'd0};
    (* keep *) wire [8:0] sum_5;
    assign sum_5 = {x_0[7], x_0} - {x_1[7], x_1};
    (* keep *) wire [9:0] sum_8;
    assign sum_8 = {{2{x_6[7]}}, x_6} + {x_2[7], x_2, 1'b0};
    (* keep *) wire [9:0] sum_9;
    assign sum_9 = {{2{x_3[7]}}, x_3} + {x_6[7], x_6, 1'b0};
    (* keep *) wire [9:0] sum_11;
    assign sum_11 = {{2{x_1[7]}}, x_1} + {x_5[7], x_5, 1'b0};
    (* keep *) wire [8:0] sum_12;
    assign sum_12 = {x_0[7], x_0} - {x_7[7], x_7};
    (* keep *) wire [8:0] sum_14;
    assign sum_14 = {x_1[7], x_1} + {x_4[7], x_4};
    (* keep *) wire [8:0] sum_15;
    assign sum_15 = {x_3[7], x_3} - {x_6[7], x_6};
    (* keep *) wire [8:0] sum_17;
    assign sum_17 = {x_4[7], x_4} - {x_5[7], x_5};
    (* keep *) wire [8:0] sum_26;
    assign sum_26 = {x_4[7], x_4} - {x_6[7], x_6};
    (* keep *) wire [8:0] sum_27;
    assign sum_27 = {x_4[7], x_4} + {x_5[7], x_5};
    (* keep *) wire [9:0] sum_29;
    assign sum_29 = {{2{x_2[7]}}, x_2} - {x_2, 2'd0};
    (* keep *) wire [9:0] sum_30;
    assign sum_30 = {{2{x_3[7]}}, x_3} + {x_2[7], x_2, 1'b0};
    (* keep *) wire [8:0] sum_31;
    assign sum_31 = {x_0[7], x_0} - {x_4[7], x_4};
    (* keep *) wire [8:0] sum_32;
    assign sum_32 = {x_5[7], x_5} + {x_6[7], x_6};
    (* keep *) wire [9:0] sum_41;
    assign sum_41 = {{2{x_2[7]}}, x_2} - {x_0[7], x_0, 1'b0};
    (* keep *) wire [9:0] sum_67;
    assign sum_67 = {{2{x_7[7]}}, x_7} + {x_6[7], x_6, 1'b0};
    (* keep *) wire [9:0] sum_68;
    assign sum_68 = {{2{x_3[7]}}, x_3} - {x_3, 2'd0};
    (* keep *) wire [8:0] sum_83;
    assign sum_83 = {x_3[7], x_3} + {x_5[7], x_5};

    reg [7:0] x_0_1;
    reg [7:0] x_1_1;
    reg [7:0] x_3_1;
    reg [7:0] x_4_1;
    reg [7:0] x_5_1;
    reg [7:0] x_6_1;
    reg [7:0] x_7_1;
    reg [8:0] sum_0_1;
    reg [8:0] sum_1_1;
    reg [8:0] sum_2_1;
    reg [8:0] sum_3_1;
    reg [9:0] sum_4_1;
    reg [8:0] sum_5_1;
    reg [9:0] sum_8_1;
    reg [9:0] sum_9_1;
    reg [9:0] sum_11_1;
    reg [8:0] sum_12_1;
    reg [8:0] sum_14_1;
    reg [8:0] sum_15_1;
    reg [8:0] sum_17_1;
    reg [8:0] sum_26_1;
    reg [8:0] sum_27_1;
    reg [9:0] sum_29_1;
    reg [9:0] sum_30_1;
    reg [8:0] sum_31_1;
    reg [8:0] sum_32_1;
    reg [9:0] sum_41_1;
    reg [9:0] sum_67_1;
    reg [9:0] sum_68_1;
    reg [8:0] sum_83_1;

    always @(posedge clk) begin
        x_0_1 <= x_0;
        x_1_1 <= x_1;
        x_3_1 <= x_3;
        x_4_1 <= x_4;
        x_5_1 <= x_5;
        x_6_1 <= x_6;
        x_7_1 <= x_7;
        sum_0_1 <= sum_0;
        sum_1_1 <= sum_1;
        sum_2_1 <= sum_2;
        sum_3_1 <= sum_3;
        sum_4_1 <= sum_4;
        sum_5_1 <= sum_5;
        sum_8_1 <= sum_8;
        sum_9_1 <= sum_9;
        sum_11_1 <= sum_11;
        sum_12_1 <= sum_12;
        sum_14_1 <= sum_14;
        sum_15_1 <= sum_15;
        sum_17_1 <= sum_17;
        sum_26_1 <= sum_26;
        sum_27_1 <= sum_27;
        sum_29_1 <= sum_29;
        sum_30_1 <= sum_30;
        sum_31_1 <= sum_31;
        sum_32_1 <= sum_32;
        sum_41_1 <= sum_41;
        sum_67_1 <= sum_67;
        sum_68_1 <= sum_68;
        sum_83_1 <= sum_83;
    end

    (* keep *) wire [10:0] sum_6;
    assign sum_6 = {{2{sum_0_1[8]}}, sum_0_1} - {sum_2_1, 2'd0};
    (* keep *) wire [13:0] sum_7;
    assign sum_7 = {{5{sum_5_1[8]}}, sum_5_1} - {x_0_1[7], x_0_1, 5'd0};
    (* keep *) wire [10:0] sum_10;
    assign sum_10 = {sum_4_1[9], sum_4_1} - {sum_0_1[8], sum_0_1, 1'b0};
    (* keep *) wire [10:0] sum_13;
    assign sum_13 = {{3{x_1_1[7]}}, x_1_1} - {sum_1_1, 2'd0};
    (* keep *) wire [10:0] sum_18;
    assign sum_18 = {{2{sum_1_1[8]}}, sum_1_1} + {x_7_1[7], x_7_1, 2'd0};
    (* keep *) wire [11:0] sum_19;
    assign sum_19 = {{4{x_5_1[7]}}, x_5_1} - {sum_17_1[8], sum_17_1, 2'd0};
    (* keep *) wire [9:0] sum_20;
    assign sum_20 = {{2{x_0_1[7]}}, x_0_1} - {sum_1_1[8], sum_1_1};
    (* keep *) wire [9:0] sum_21;
    assign sum_21 = {sum_1_1[8], sum_1_1} - {x_7_1[7], x_7_1, 1'b0};
    (* keep *) wire [9:0] sum_24;
    assign sum_24 = {sum_5_1[8], sum_5_1} + {x_7_1[7], x_7_1, 1'b0};
    (* keep *) wire [10:0] sum_25;
    assign sum_25 = {{3{x_6_1[7]}}, x_6_1} + {sum_9_1, 1'b0};
    (* keep *) wire [9:0] sum_33;
    assign sum_33 = {{2{x_7_1[7]}}, x_7_1} - {sum_27_1[8], sum_27_1};
    (* keep *) wire [10:0] sum_34;
    assign sum_34 = {{2{sum_31_1[8]}}, sum_31_1} - {sum_32_1[8], sum_32_1, 1'b0};
    (* keep *) wire [9:0] sum_42;
    assign sum_42 = {sum_2_1[8], sum_2_1} - {sum_27_1[8], sum_27_1};
    (* keep *) wire [11:0] sum_43;
    assign sum_43 = {{2{sum_8_1[9]}}, sum_8_1} - {sum_3_1[8], sum_3_1, 2'd0};
    (* keep *) wire [10:0] sum_44;
    assign sum_44 = {sum_11_1[9], sum_11_1} - {sum_41_1[9], sum_41_1};
    (* keep *) wire [10:0] sum_50;
    assign sum_50 = {{2{sum_26_1[8]}}, sum_26_1} + {x_4_1[7], x_4_1, 2'd0};
    (* keep *) wire [9:0] sum_58;
    assign sum_58 = {{2{x_6_1[7]}}, x_6_1} + {sum_2_1[8], sum_2_1};
    (* keep *) wire [10:0] sum_59;
    assign sum_59 = {{2{sum_17_1[8]}}, sum_17_1} - {sum_5_1[8], sum_5_1, 1'b0};
    (* keep *) wire [10:0] sum_60;
    assign sum_60 = {{2{sum_2_1[8]}}, sum_2_1} - {sum_8_1, 1'b0};
    (* keep *) wire [9:0] sum_69;
    assign sum_69 = {sum_27_1[8], sum_27_1} + {x_6_1[7], x_6_1, 1'b0};
    (* keep *) wire [10:0] sum_70;
    assign sum_70 = {{2{sum_14_1[8]}}, sum_14_1} + {sum_30_1[9], sum_30_1};
    (* keep *) wire [12:0] sum_71;
    assign sum_71 = {{3{sum_67_1[9]}}, sum_67_1} - {sum_68_1, 3'd0};
    (* keep *) wire [9:0] sum_76;
    assign sum_76 = {sum_15_1[8], sum_15_1} + {x_0_1[7], x_0_1, 1'b0};
    (* keep *) wire [10:0] sum_77;
    assign sum_77 = {{2{sum_26_1[8]}}, sum_26_1} + {sum_12_1[8], sum_12_1, 1'b0};
    (* keep *) wire [9:0] sum_84;
    assign sum_84 = {sum_2_1[8], sum_2_1} - {sum_14_1[8], sum_14_1};
    (* keep *) wire [10:0] sum_85;
    assign sum_85 = {{2{sum_83_1[8]}}, sum_83_1} - {sum_11_1, 1'b0};
    (* keep *) wire [11:0] sum_86;
    assign sum_86 = {{3{sum_3_1[8]}}, sum_3_1} + {sum_9_1, 2'd0};
    (* keep *) wire [13:0] sum_91;
    assign sum_91 = {{4{sum_29_1[9]}}, sum_29_1} - {sum_15_1[8], sum_15_1, 4'd0};
    (* keep *) wire [10:0] sum_93;
    assign sum_93 = {sum_4_1[9], sum_4_1} - {sum_9_1[9], sum_9_1};

    (* keep *) wire [12:0] sum_16;
    assign sum_16 = {{2{sum_13[10]}}, sum_13} - {x_3_1[7], x_3_1, 4'd0};
    (* keep *) wire [13:0] sum_22;
    assign sum_22 = {{4{sum_20[9]}}, sum_20} - {x_3_1[7], x_3_1, 5'd0};
    (* keep *) wire [11:0] sum_23;
    assign sum_23 = {sum_18[10], sum_18} - {x_1_1[7], x_1_1, 3'd0};
    (* keep *) wire [11:0] sum_28;
    assign sum_28 = {{3{sum_3_1[8]}}, sum_3_1} + {sum_6[10], sum_6};
    (* keep *) wire [10:0] sum_35;
    assign sum_35 = {sum_24[9], sum_24} - {sum_17_1[8], sum_17_1, 1'b0};
    (* keep *) wire [11:0] sum_36;
    assign sum_36 = {{2{sum_33[9]}}, sum_33} - {sum_29_1[9], sum_29_1, 1'b0};
    (* keep *) wire [13:0] sum_37;
    assign sum_37 = {{3{sum_25[10]}}, sum_25} + {sum_34, 3'd0};
    (* keep *) wire [13:0] sum_45;
    assign sum_45 = {{2{sum_43[11]}}, sum_43} - {sum_42[9], sum_42, 3'd0};
    (* keep *) wire [11:0] sum_46;
    assign sum_46 = {sum_25[10], sum_25} - {sum_44[10], sum_44};
    (* keep *) wire [12:0] sum_51;
    assign sum_51 = {sum_19[11], sum_19} + {sum_0_1[8], sum_0_1, 3'd0};
    (* keep *) wire [13:0] sum_52;
    assign sum_52 = {{3{sum_6[10]}}, sum_6} - {sum_11_1, 4'd0};
    (* keep *) wire [12:0] sum_53;
    assign sum_53 = {{2{sum_50[10]}}, sum_50} + {sum_25, 2'd0};
    (* keep *) wire [12:0] sum_61;
    assign sum_61 = {{2{sum_60[10]}}, sum_60} + {sum_30_1, 3'd0};
    (* keep *) wire [11:0] sum_62;
    assign sum_62 = {{2{sum_58[9]}}, sum_58} + {sum_59, 1'b0};
    (* keep *) wire [15:0] sum_63;
    assign sum_63 = {{2{sum_7[13]}}, sum_7} + {sum_4_1[9], sum_4_1, 5'd0};
    (* keep *) wire [16:0] sum_72;
    assign sum_72 = {{6{sum_70[10]}}, sum_70} + {sum_69[9], sum_69, 6'd0};
    (* keep *) wire [11:0] sum_78;
    assign sum_78 = {{3{sum_2_1[8]}}, sum_2_1} - {sum_76[9], sum_76, 1'b0};
    (* keep *) wire [12:0] sum_79;
    assign sum_79 = {{3{sum_21[9]}}, sum_21} - {sum_77, 2'd0};
    (* keep *) wire [12:0] sum_87;
    assign sum_87 = {sum_86[11], sum_86} + {sum_84[9], sum_84, 2'd0};
    (* keep *) wire [11:0] sum_92;
    assign sum_92 = {{2{sum_24[9]}}, sum_24} - {sum_20, 2'd0};
    (* keep *) wire [11:0] sum_94;
    assign sum_94 = {{2{sum_21[9]}}, sum_21} - {sum_93[10], sum_93};

    reg [13:0] sum_7_2;
    reg [10:0] sum_10_2;
    reg [8:0] sum_12_2;
    reg [12:0] sum_16_2;
    reg [11:0] sum_19_2;
    reg [13:0] sum_22_2;
    reg [11:0] sum_23_2;
    reg [11:0] sum_28_2;
    reg [10:0] sum_35_2;
    reg [11:0] sum_36_2;
    reg [13:0] sum_37_2;
    reg [13:0] sum_45_2;
    reg [11:0] sum_46_2;
    reg [12:0] sum_51_2;
    reg [13:0] sum_52_2;
    reg [12:0] sum_53_2;
    reg [12:0] sum_61_2;
    reg [11:0] sum_62_2;
    reg [15:0] sum_63_2;
    reg [12:0] sum_71_2;
    reg [16:0] sum_72_2;
    reg [11:0] sum_78_2;
    reg [12:0] sum_79_2;
    reg [10:0] sum_85_2;
    reg [12:0] sum_87_2;
    reg [13:0] sum_91_2;
    reg [11:0] sum_92_2;
    reg [11:0] sum_94_2;

    always @(posedge clk) begin
        sum_7_2 <= sum_7;
        sum_10_2 <= sum_10;
        sum_12_2 <= sum_12_1;
        sum_16_2 <= sum_16;
        sum_19_2 <= sum_19;
        sum_22_2 <= sum_22;
        sum_23_2 <= sum_23;
        sum_28_2 <= sum_28;
        sum_35_2 <= sum_35;
        sum_36_2 <= sum_36;
        sum_37_2 <= sum_37;
        sum_45_2 <= sum_45;
        sum_46_2 <= sum_46;
        sum_51_2 <= sum_51;
        sum_52_2 <= sum_52;
        sum_53_2 <= sum_53;
        sum_61_2 <= sum_61;
        sum_62_2 <= sum_62;
        sum_63_2 <= sum_63;
        sum_71_2 <= sum_71;
        sum_72_2 <= sum_72;
        sum_78_2 <= sum_78;
        sum_79_2 <= sum_79;
        sum_85_2 <= sum_85;
        sum_87_2 <= sum_87;
        sum_91_2 <= sum_91;
        sum_92_2 <= sum_92;
        sum_94_2 <= sum_94;
    end

    (* keep *) wire [12:0] sum_38;
    assign sum_38 = {sum_36_2[11], sum_36_2} + {sum_35_2[10], sum_35_2, 1'b0};
    (* keep *) wire [12:0] sum_47;
    assign sum_47 = {sum_46_2[11], sum_46_2} - {sum_10_2[10], sum_10_2, 1'b0};
    (* keep *) wire [15:0] sum_48;
    assign sum_48 = {{3{sum_16_2[12]}}, sum_16_2} - {sum_45_2, 2'd0};
    (* keep *) wire [15:0] sum_54;
    assign sum_54 = {{2{sum_22_2[13]}}, sum_22_2} + {sum_51_2, 3'd0};
    (* keep *) wire [15:0] sum_55;
    assign sum_55 = {{3{sum_53_2[12]}}, sum_53_2} + {sum_7_2, 2'd0};
    (* keep *) wire [15:0] sum_64;
    assign sum_64 = {{4{sum_62_2[11]}}, sum_62_2} + {sum_23_2, 4'd0};
    (* keep *) wire [16:0] sum_65;
    assign sum_65 = {sum_63_2[15], sum_63_2} + {sum_61_2[12], sum_61_2, 3'd0};
    (* keep *) wire [15:0] sum_73;
    assign sum_73 = {{3{sum_71_2[12]}}, sum_71_2} - {sum_28_2, 4'd0};
    (* keep *) wire [16:0] sum_74;
    assign sum_74 = sum_72_2 - {sum_22_2[13], sum_22_2, 2'd0};
    (* keep *) wire [13:0] sum_80;
    assign sum_80 = {sum_16_2[12], sum_16_2} + {sum_10_2[10], sum_10_2, 2'd0};
    (* keep *) wire [11:0] sum_88;
    assign sum_88 = sum_28_2 + {sum_85_2[10], sum_85_2};
    (* keep *) wire [13:0] sum_89;
    assign sum_89 = {sum_12_2[8], sum_12_2, 4'd0} - {sum_87_2[12], sum_87_2};
    (* keep *) wire [13:0] sum_95;
    assign sum_95 = {{2{sum_94_2[11]}}, sum_94_2} - {sum_19_2, 2'd0};
    (* keep *) wire [14:0] sum_96;
    assign sum_96 = {sum_91_2[13], sum_91_2} - {sum_92_2[11], sum_92_2, 2'd0};

    reg [11:0] sum_23_3;
    reg [13:0] sum_37_3;
    reg [12:0] sum_38_3;
    reg [12:0] sum_47_3;
    reg [15:0] sum_48_3;
    reg [13:0] sum_52_3;
    reg [15:0] sum_54_3;
    reg [15:0] sum_55_3;
    reg [15:0] sum_64_3;
    reg [16:0] sum_65_3;
    reg [15:0] sum_73_3;
    reg [16:0] sum_74_3;
    reg [11:0] sum_78_3;
    reg [12:0] sum_79_3;
    reg [13:0] sum_80_3;
    reg [11:0] sum_88_3;
    reg [13:0] sum_89_3;
    reg [13:0] sum_95_3;
    reg [14:0] sum_96_3;

    always @(posedge clk) begin
        sum_23_3 <= sum_23_2;
        sum_37_3 <= sum_37_2;
        sum_38_3 <= sum_38;
        sum_47_3 <= sum_47;
        sum_48_3 <= sum_48;
        sum_52_3 <= sum_52_2;
        sum_54_3 <= sum_54;
        sum_55_3 <= sum_55;
        sum_64_3 <= sum_64;
        sum_65_3 <= sum_65;
        sum_73_3 <= sum_73;
        sum_74_3 <= sum_74;
        sum_78_3 <= sum_78_2;
        sum_79_3 <= sum_79_2;
        sum_80_3 <= sum_80;
        sum_88_3 <= sum_88;
        sum_89_3 <= sum_89;
        sum_95_3 <= sum_95;
        sum_96_3 <= sum_96;
    end

    (* keep *) wire [15:0] sum_39;
    assign sum_39 = {{3{sum_38_3[12]}}, sum_38_3} - {sum_23_3, 4'd0};
    (* keep *) wire [17:0] sum_49;
    assign sum_49 = {{5{sum_47_3[12]}}, sum_47_3} + {sum_48_3, 2'd0};
    (* keep *) wire [16:0] sum_56;
    assign sum_56 = {sum_54_3[15], sum_54_3} + {sum_52_3[13], sum_52_3, 2'd0};
    (* keep *) wire [16:0] sum_66;
    assign sum_66 = {sum_64_3[15], sum_64_3} + sum_65_3;
    (* keep *) wire [16:0] sum_75;
    assign sum_75 = sum_74_3 - {sum_73_3[15], sum_73_3};
    (* keep *) wire [13:0] sum_81;
    assign sum_81 = {{2{sum_78_3[11]}}, sum_78_3} + sum_80_3;
    (* keep *) wire [16:0] sum_90;
    assign sum_90 = {sum_89_3, 3'd0} - {{5{sum_88_3[11]}}, sum_88_3};
    (* keep *) wire [16:0] sum_97;
    assign sum_97 = {sum_96_3, 2'd0} - {{3{sum_95_3[13]}}, sum_95_3};

    (* keep *) wire [16:0] sum_40;
    assign sum_40 = {sum_39[15], sum_39} - {sum_37_3[13], sum_37_3, 2'd0};
    (* keep *) wire [16:0] sum_57;
    assign sum_57 = sum_56 - {sum_55_3[15], sum_55_3};
    (* keep *) wire [16:0] sum_82;
    assign sum_82 = {sum_79_3, 4'd0} - {{3{sum_81[13]}}, sum_81};

    reg [16:0] sum_40_4;
    reg [17:0] sum_49_4;
    reg [16:0] sum_57_4;
    reg [16:0] sum_66_4;
    reg [16:0] sum_75_4;
    reg [16:0] sum_82_4;
    reg [16:0] sum_90_4;
    reg [16:0] sum_97_4;

    always @(posedge clk) begin
        sum_40_4 <= sum_40;
        sum_49_4 <= sum_49;
        sum_57_4 <= sum_57;
        sum_66_4 <= sum_66;
        sum_75_4 <= sum_75;
        sum_82_4 <= sum_82;
        sum_90_4 <= sum_90;
        sum_97_4 <= sum_97;
    end

    assign y[17:0] = {sum_40_4[16], sum_40_4};
    assign y[35:18] = sum_49_4;
    assign y[53:36] = {sum_57_4[16], sum_57_4};
    assign y[71:54] = {sum_66_4[16], sum_66_4};
    assign y[89:72] = {sum_75_4[16], sum_75_4};
    assign y[107:90] = {sum_82_4[16], sum_82_4};
    assign y[125:108] = {sum_90_4[16], sum_90_4};
    assign y[143:126] = {sum_97_4[16], sum_97_4};
endmodule

`default_nettype wire
