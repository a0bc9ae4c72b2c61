// SPDX-License-Identifier: 0BSD
// dequantizer_int32: integer codes or accumulators to binary32.
// Latency: 33 clock cycles with en = 1; one result per cycle.
// Product and sum are each rounded to nearest, ties to even; nothing is fused.
// A result that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate dequantizer --preset dequantizer_int32
// Config digest: a4e56e8212f2f9a6

`default_nettype none

module dequantizer_int32 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    input  wire [31:0]        scale,     // real value of one step
    input  wire [31:0]        bias,      // added after the product was rounded
    output wire               valid_out, // the outputs count
    output reg  [31:0]        y          // real number
);

    // One bit a stage, in step with the data.
    reg [32:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 33'd0;
        else if (en)
            valid <= {valid[31:0], valid_in};
    end

    assign valid_out = valid[32];

    wire below_zero = acc[31];
    wire [31:0] distance = (acc[31:0] ^ {32{below_zero}}) + {31'd0, below_zero};

    // A subnormal has no hidden bit, and the exponent of the least normal number. An infinity reads
    // as the power of two beyond the largest number: its product with an integer is beyond as well.
    wire scale_normal = |scale[30:23];
    reg [10:0] negative_line;
    reg [31:0] left;
    reg is_special_scale;
    reg is_nan_scale;
    reg [9:0] nan_line;
    reg [71:0] exponent_line;
    reg [351:0] bias_line;
    reg [23:0] right;

    always @(posedge clk) begin
        if (en) begin
            negative_line    <= {negative_line[9:0], below_zero ^ scale[31]};
            left             <= distance;
            is_special_scale <= &scale[30:23];
            is_nan_scale     <= &scale[30:23] & |scale[22:0];
            // Zero times infinity is no number.
            nan_line         <= {nan_line[8:0], is_nan_scale | (is_special_scale & ~|left)};
            exponent_line    <= {exponent_line[63:0], {scale[30:24], scale[23] | ~scale_normal}};
            bias_line        <= {bias_line[319:0], bias};
            right            <= {scale_normal, scale[22:0]};
        end
    end

    reg [31:0] left_1;
    reg [23:0] right_1;

    always @(posedge clk) begin
        if (en) begin
            left_1 <= left;
            right_1 <= right;
        end
    end

    reg [31:0] left_2;
    reg [23:0] right_2;

    always @(posedge clk) begin
        if (en) begin
            left_2 <= left_1;
            right_2 <= right_1;
        end
    end

    wire [55:0] whole_product = left_2 * right_2;
    wire unused = &{1'b0, whole_product[55]};
    wire [54:0] magnitude = whole_product[54:0];

    reg [54:0] magnitude_1;

    always @(posedge clk) begin
        if (en) begin
            magnitude_1 <= magnitude;
        end
    end

    // The leading one moves to the top. The product of a scale and an integer is a multiple of the
    // last place of the scale: bits are lost only if it has more than 24, also if it is subnormal.
    wire shift_1 = ~|magnitude_1[54:39];
    wire [39:0] normal_1 = shift_1 ? {magnitude_1[38:0], 1'b0} : magnitude_1[54:15];
    wire sticky_1 = ~shift_1 & |magnitude_1[14:0];

    reg [39:0] normal_1_2;
    reg sticky_1_2;
    reg shift_1_2;

    always @(posedge clk) begin
        if (en) begin
            normal_1_2 <= normal_1;
            sticky_1_2 <= sticky_1;
            shift_1_2 <= shift_1;
        end
    end

    wire shift_2 = ~|normal_1_2[39:32];
    wire [31:0] normal_2 = shift_2 ? normal_1_2[31:0] : normal_1_2[39:8];
    wire sticky_2 = sticky_1_2 | (~shift_2 & |normal_1_2[7:0]);

    reg [31:0] normal_2_3;
    reg sticky_2_3;
    reg shift_1_3;
    reg shift_2_3;

    always @(posedge clk) begin
        if (en) begin
            normal_2_3 <= normal_2;
            sticky_2_3 <= sticky_2;
            shift_1_3 <= shift_1_2;
            shift_2_3 <= shift_2;
        end
    end

    wire shift_3 = ~|normal_2_3[31:28];
    wire [27:0] normal_3 = shift_3 ? normal_2_3[27:0] : normal_2_3[31:4];
    wire sticky_3 = sticky_2_3 | (~shift_3 & |normal_2_3[3:0]);

    reg [27:0] normal_3_4;
    reg sticky_3_4;
    reg shift_1_4;
    reg shift_2_4;
    reg shift_3_4;

    always @(posedge clk) begin
        if (en) begin
            normal_3_4 <= normal_3;
            sticky_3_4 <= sticky_3;
            shift_1_4 <= shift_1_3;
            shift_2_4 <= shift_2_3;
            shift_3_4 <= shift_3;
        end
    end

    wire shift_4 = ~|normal_3_4[27:26];
    wire [25:0] normal_4 = shift_4 ? normal_3_4[25:0] : normal_3_4[27:2];
    wire sticky_4 = sticky_3_4 | (~shift_4 & |normal_3_4[1:0]);

    reg [25:0] normal_4_5;
    reg sticky_4_5;
    reg shift_1_5;
    reg shift_2_5;
    reg shift_3_5;
    reg shift_4_5;

    always @(posedge clk) begin
        if (en) begin
            normal_4_5 <= normal_4;
            sticky_4_5 <= sticky_4;
            shift_1_5 <= shift_1_4;
            shift_2_5 <= shift_2_4;
            shift_3_5 <= shift_3_4;
            shift_4_5 <= shift_4;
        end
    end

    wire shift_5 = ~normal_4_5[25];
    wire [24:0] normal_5 = shift_5 ? normal_4_5[24:0] : normal_4_5[25:1];
    wire sticky_5 = sticky_4_5 | (~shift_5 & normal_4_5[0]);

    reg [24:0] normal_5_6;
    reg sticky_5_6;
    reg shift_1_6;
    reg shift_2_6;
    reg shift_3_6;
    reg shift_4_6;
    reg shift_5_6;

    always @(posedge clk) begin
        if (en) begin
            normal_5_6 <= normal_5;
            sticky_5_6 <= sticky_5;
            shift_1_6 <= shift_1_5;
            shift_2_6 <= shift_2_5;
            shift_3_6 <= shift_3_5;
            shift_4_6 <= shift_4_5;
            shift_5_6 <= shift_5;
        end
    end

    // To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry
    // out of the fraction increments the exponent.
    wire [8:0] exponent = {1'b0, exponent_line[71:64]} +
        {4'd0, ~shift_1_6, ~shift_2_6, ~shift_3_6, ~shift_4_6, ~shift_5_6};
    wire is_beyond = normal_5_6[24] & (exponent[8] | &exponent[7:0]);
    wire [7:0] field = normal_5_6[24] ? exponent[7:0] : 8'd0;
    wire [22:0] fraction = normal_5_6[23:1];
    wire round_up = normal_5_6[0] & (normal_5_6[1] | sticky_5_6);

    reg is_beyond_7;
    reg [7:0] field_7;
    reg [22:0] fraction_7;
    reg round_up_7;

    always @(posedge clk) begin
        if (en) begin
            is_beyond_7 <= is_beyond;
            field_7 <= field;
            fraction_7 <= fraction;
            round_up_7 <= round_up;
        end
    end

    wire [30:0] rounded = {field_7, fraction_7} + {30'd0, round_up_7};
    wire [30:0] product = is_beyond_7 ? 31'h7f800000 : rounded;

    reg [30:0] product_8;

    always @(posedge clk) begin
        if (en) begin
            product_8 <= product;
        end
    end

    wire negative = negative_line[10];
    wire is_nan = nan_line[9];
    wire [31:0] addend = bias_line[351:320];

    // The addend of larger magnitude stays; the other one is aligned to it, and what is shifted out
    // of it leaves one sticky bit.
    wire is_swapped = addend[30:0] > product_8;

    reg [30:0] product_9;
    reg negative_9;
    reg is_nan_9;
    reg [31:0] addend_9;
    reg is_swapped_9;

    always @(posedge clk) begin
        if (en) begin
            product_9 <= product_8;
            negative_9 <= negative;
            is_nan_9 <= is_nan;
            addend_9 <= addend;
            is_swapped_9 <= is_swapped;
        end
    end

    wire [30:0] larger = is_swapped_9 ? addend_9[30:0] : product_9;
    wire [30:0] smaller = is_swapped_9 ? product_9 : addend_9[30:0];
    wire larger_negative = is_swapped_9 ? addend_9[31] : negative_9;
    wire subtract = negative_9 ^ addend_9[31];

    reg [30:0] larger_10;
    reg [30:0] smaller_10;
    reg larger_negative_10;
    reg subtract_10;
    reg is_nan_10;

    always @(posedge clk) begin
        if (en) begin
            larger_10 <= larger;
            smaller_10 <= smaller;
            larger_negative_10 <= larger_negative;
            subtract_10 <= subtract;
            is_nan_10 <= is_nan_9;
        end
    end

    wire larger_normal = |larger_10[30:23];
    wire smaller_normal = |smaller_10[30:23];
    wire [7:0] larger_exponent = {larger_10[30:24], larger_10[23] | ~larger_normal};
    wire [7:0] smaller_exponent = {smaller_10[30:24], smaller_10[23] | ~smaller_normal};
    wire [7:0] gap = larger_exponent - smaller_exponent;
    wire [23:0] smaller_significand = {smaller_normal, smaller_10[22:0]};
    wire is_infinite = &larger_10[30:23];

    reg [23:0] smaller_significand_11;
    reg [7:0] gap_11;

    always @(posedge clk) begin
        if (en) begin
            smaller_significand_11 <= smaller_significand;
            gap_11 <= gap;
        end
    end

    reg [143:0] larger_line;
    reg [95:0] larger_exponent_line;
    reg [6:0] larger_negative_line;
    reg [6:0] subtract_line;
    reg [12:0] sum_nan_line;
    reg [12:0] sum_infinite_line;

    always @(posedge clk) begin
        if (en) begin
            larger_line <= {larger_line[119:0], {larger_normal, larger_10[22:0]}};
            larger_exponent_line <= {larger_exponent_line[87:0], larger_exponent};
            larger_negative_line <= {larger_negative_line[5:0], larger_negative_10};
            subtract_line <= {subtract_line[5:0], subtract_10};
            sum_nan_line <= {sum_nan_line[11:0], is_nan_10 |
                (is_infinite & (|larger_10[22:0] | (&smaller_10[30:23] & subtract_10)))};
            sum_infinite_line <= {sum_infinite_line[11:0], is_infinite};
        end
    end

    wire is_far = |gap_11[7:5];
    wire [25:0] aligned_0 = {smaller_significand_11, 2'd0};
    wire [25:0] aligned_1 = is_far ? 26'd0 : gap_11[4] ? {16'd0, aligned_0[25:16]} : aligned_0;
    wire aligned_sticky_1 = gap_11[4] & |aligned_0[15:0];

    reg [25:0] aligned_1_12;
    reg aligned_sticky_1_12;
    reg [3:0] gap_12;

    always @(posedge clk) begin
        if (en) begin
            aligned_1_12 <= aligned_1;
            aligned_sticky_1_12 <= aligned_sticky_1;
            gap_12 <= gap_11[3:0];
        end
    end

    wire [25:0] aligned_2 = gap_12[3] ? {8'd0, aligned_1_12[25:8]} : aligned_1_12;
    wire aligned_sticky_2 = aligned_sticky_1_12 | (gap_12[3] & |aligned_1_12[7:0]);

    reg [25:0] aligned_2_13;
    reg aligned_sticky_2_13;
    reg [2:0] gap_13;

    always @(posedge clk) begin
        if (en) begin
            aligned_2_13 <= aligned_2;
            aligned_sticky_2_13 <= aligned_sticky_2;
            gap_13 <= gap_12[2:0];
        end
    end

    wire [25:0] aligned_3 = gap_13[2] ? {4'd0, aligned_2_13[25:4]} : aligned_2_13;
    wire aligned_sticky_3 = aligned_sticky_2_13 | (gap_13[2] & |aligned_2_13[3:0]);

    reg [25:0] aligned_3_14;
    reg aligned_sticky_3_14;
    reg [1:0] gap_14;

    always @(posedge clk) begin
        if (en) begin
            aligned_3_14 <= aligned_3;
            aligned_sticky_3_14 <= aligned_sticky_3;
            gap_14 <= gap_13[1:0];
        end
    end

    wire [25:0] aligned_4 = gap_14[1] ? {2'd0, aligned_3_14[25:2]} : aligned_3_14;
    wire aligned_sticky_4 = aligned_sticky_3_14 | (gap_14[1] & |aligned_3_14[1:0]);

    reg [25:0] aligned_4_15;
    reg aligned_sticky_4_15;
    reg gap_15;

    always @(posedge clk) begin
        if (en) begin
            aligned_4_15 <= aligned_4;
            aligned_sticky_4_15 <= aligned_sticky_4;
            gap_15 <= gap_14[0];
        end
    end

    wire [25:0] aligned_5 = gap_15 ? {1'd0, aligned_4_15[25:1]} : aligned_4_15;
    wire aligned_sticky_5 = aligned_sticky_4_15 | (gap_15 & aligned_4_15[0]);
    wire [26:0] addition = {aligned_5, aligned_sticky_5} ^ {27{subtract_line[4]}};

    reg [26:0] addition_16;

    always @(posedge clk) begin
        if (en) begin
            addition_16 <= addition;
        end
    end

    wire [27:0] sum_total = {1'b0, larger_line[143:120], 3'd0} + {subtract_line[5], addition_16} +
        {27'd0, subtract_line[5]};

    reg [27:0] sum_total_17;

    always @(posedge clk) begin
        if (en) begin
            sum_total_17 <= sum_total;
        end
    end

    // Numbers that cancel leave a positive zero.
    wire is_zero = ~|sum_total_17;

    reg [5:0] sum_negative_line;

    always @(posedge clk) begin
        if (en) begin
            sum_negative_line <= {sum_negative_line[4:0], larger_negative_line[6] &
                ~(is_zero & subtract_line[6])};
        end
    end

    // No more zeros are shifted out than the exponent permits: a subnormal sum is exact.
    wire [7:0] total_exponent = larger_exponent_line[55:48];
    wire [4:0] limit = total_exponent[4:0] | {5{|total_exponent[7:5]}};
    wire sum_zeros_1 = ~|sum_total_17[27:12];
    wire unlimited_1 = limit[4] & ~sum_zeros_1;
    wire sum_shift_1 = sum_zeros_1 & limit[4];
    wire [27:0] sum_normal_1 = sum_shift_1 ? {sum_total_17[11:0], 16'd0} : sum_total_17;

    reg [27:0] sum_normal_1_18;
    reg sum_shift_1_18;
    reg [3:0] limit_18;
    reg unlimited_1_18;

    always @(posedge clk) begin
        if (en) begin
            sum_normal_1_18 <= sum_normal_1;
            sum_shift_1_18 <= sum_shift_1;
            limit_18 <= limit[3:0];
            unlimited_1_18 <= unlimited_1;
        end
    end

    wire sum_zeros_2 = ~|sum_normal_1_18[27:20];
    wire unlimited_2 = unlimited_1_18 | (limit_18[3] & ~sum_zeros_2);
    wire sum_shift_2 = sum_zeros_2 & (unlimited_1_18 | limit_18[3]);
    wire [27:0] sum_normal_2 = sum_shift_2 ? {sum_normal_1_18[19:0], 8'd0} : sum_normal_1_18;

    reg [27:0] sum_normal_2_19;
    reg sum_shift_1_19;
    reg sum_shift_2_19;
    reg [2:0] limit_19;
    reg unlimited_2_19;

    always @(posedge clk) begin
        if (en) begin
            sum_normal_2_19 <= sum_normal_2;
            sum_shift_1_19 <= sum_shift_1_18;
            sum_shift_2_19 <= sum_shift_2;
            limit_19 <= limit_18[2:0];
            unlimited_2_19 <= unlimited_2;
        end
    end

    wire sum_zeros_3 = ~|sum_normal_2_19[27:24];
    wire unlimited_3 = unlimited_2_19 | (limit_19[2] & ~sum_zeros_3);
    wire sum_shift_3 = sum_zeros_3 & (unlimited_2_19 | limit_19[2]);
    wire [27:0] sum_normal_3 = sum_shift_3 ? {sum_normal_2_19[23:0], 4'd0} : sum_normal_2_19;

    reg [27:0] sum_normal_3_20;
    reg sum_shift_1_20;
    reg sum_shift_2_20;
    reg sum_shift_3_20;
    reg [1:0] limit_20;
    reg unlimited_3_20;

    always @(posedge clk) begin
        if (en) begin
            sum_normal_3_20 <= sum_normal_3;
            sum_shift_1_20 <= sum_shift_1_19;
            sum_shift_2_20 <= sum_shift_2_19;
            sum_shift_3_20 <= sum_shift_3;
            limit_20 <= limit_19[1:0];
            unlimited_3_20 <= unlimited_3;
        end
    end

    wire sum_zeros_4 = ~|sum_normal_3_20[27:26];
    wire unlimited_4 = unlimited_3_20 | (limit_20[1] & ~sum_zeros_4);
    wire sum_shift_4 = sum_zeros_4 & (unlimited_3_20 | limit_20[1]);
    wire [25:0] sum_normal_4 = sum_shift_4 ? sum_normal_3_20[25:0] : sum_normal_3_20[27:2];
    wire sum_sticky_4 = ~sum_shift_4 & |sum_normal_3_20[1:0];

    reg [25:0] sum_normal_4_21;
    reg sum_sticky_4_21;
    reg sum_shift_1_21;
    reg sum_shift_2_21;
    reg sum_shift_3_21;
    reg sum_shift_4_21;
    reg limit_21;
    reg unlimited_4_21;

    always @(posedge clk) begin
        if (en) begin
            sum_normal_4_21 <= sum_normal_4;
            sum_sticky_4_21 <= sum_sticky_4;
            sum_shift_1_21 <= sum_shift_1_20;
            sum_shift_2_21 <= sum_shift_2_20;
            sum_shift_3_21 <= sum_shift_3_20;
            sum_shift_4_21 <= sum_shift_4;
            limit_21 <= limit_20[0];
            unlimited_4_21 <= unlimited_4;
        end
    end

    wire sum_zeros_5 = ~sum_normal_4_21[25];
    wire sum_shift_5 = sum_zeros_5 & (unlimited_4_21 | limit_21);
    wire [24:0] sum_normal_5 = sum_shift_5 ? sum_normal_4_21[24:0] : sum_normal_4_21[25:1];
    wire sum_sticky_5 = sum_sticky_4_21 | (~sum_shift_5 & sum_normal_4_21[0]);

    reg [24:0] sum_normal_5_22;
    reg sum_sticky_5_22;
    reg sum_shift_1_22;
    reg sum_shift_2_22;
    reg sum_shift_3_22;
    reg sum_shift_4_22;
    reg sum_shift_5_22;

    always @(posedge clk) begin
        if (en) begin
            sum_normal_5_22 <= sum_normal_5;
            sum_sticky_5_22 <= sum_sticky_5;
            sum_shift_1_22 <= sum_shift_1_21;
            sum_shift_2_22 <= sum_shift_2_21;
            sum_shift_3_22 <= sum_shift_3_21;
            sum_shift_4_22 <= sum_shift_4_21;
            sum_shift_5_22 <= sum_shift_5;
        end
    end

    // To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry
    // out of the fraction increments the exponent.
    wire [7:0] sum_exponent = larger_exponent_line[95:88] + 8'd1 -
        {3'd0, sum_shift_1_22, sum_shift_2_22, sum_shift_3_22, sum_shift_4_22, sum_shift_5_22};
    wire sum_is_beyond = sum_normal_5_22[24] & &sum_exponent;
    wire [7:0] sum_field = sum_normal_5_22[24] ? sum_exponent : 8'd0;
    wire [22:0] sum_fraction = sum_normal_5_22[23:1];
    wire sum_round_up = sum_normal_5_22[0] & (sum_normal_5_22[1] | sum_sticky_5_22);

    reg sum_is_beyond_23;
    reg [7:0] sum_field_23;
    reg [22:0] sum_fraction_23;
    reg sum_round_up_23;

    always @(posedge clk) begin
        if (en) begin
            sum_is_beyond_23 <= sum_is_beyond;
            sum_field_23 <= sum_field;
            sum_fraction_23 <= sum_fraction;
            sum_round_up_23 <= sum_round_up;
        end
    end

    wire [30:0] sum_rounded = {sum_field_23, sum_fraction_23} + {30'd0, sum_round_up_23};

    wire is_special = sum_nan_line[12] | sum_infinite_line[12] | sum_is_beyond_23;

    reg [191:0] idle_line;

    always @(posedge clk) begin
        if (en) begin
            idle_line <= {idle_line[159:0], {sum_negative_line[5] & ~sum_nan_line[12], is_special ?
                {8'hff, sum_nan_line[12], 22'd0} : sum_rounded}};
            y         <= idle_line[191:160];
        end
    end
endmodule

`default_nettype wire
