// SPDX-License-Identifier: 0BSD
// dequantizer_int8: integer codes or accumulators to binary32.
// Latency: 11 clock cycles with en = 1; one result per cycle.
// The exact product is rounded once: to nearest, ties to even.
// A result that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate dequantizer --preset dequantizer_int8
// Config digest: dae584c1b9f7d9bc

`default_nettype none

module dequantizer_int8 (
    input  wire              clk,        // acts on the rising edge
    input  wire              rst,        // synchronous, drops what is on its way, wins over en
    input  wire              en,         // holds every register when 0
    input  wire              valid_in,   // the inputs count
    input  wire signed [7:0] q,          // code
    input  wire signed [7:0] zero_point, // code of real zero
    input  wire [31:0]       scale,      // real value of one step
    output wire              valid_out,  // the outputs count
    output reg  [31:0]       y           // real number
);

    // One bit a stage, in step with the data.
    reg [10:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 11'd0;
        else if (en)
            valid <= {valid[9:0], valid_in};
    end

    assign valid_out = valid[10];

    // One bit more than q: the difference spans twice its range.
    wire [8:0] difference = {q[7], q} - {zero_point[7], zero_point};
    wire below_zero = difference[8];
    wire [7:0] distance = (difference[7:0] ^ {8{below_zero}}) + {7'd0, below_zero};

    // A subnormal has no hidden bit, and the exponent of the least normal number. An infinity reads
    // as the power of two beyond the largest number: its product with an integer is beyond as well.
    wire scale_normal = |scale[30:23];
    reg [8:0] negative_line;
    reg [7:0] left;
    reg is_special_scale;
    reg is_nan_scale;
    reg [7:0] nan_line;
    reg [63:0] exponent_line;
    reg [23:0] right;

    always @(posedge clk) begin
        if (en) begin
            negative_line    <= {negative_line[7:0], below_zero ^ scale[31]};
            left             <= distance;
            is_special_scale <= &scale[30:23];
            is_nan_scale     <= &scale[30:23] & |scale[22:0];
            // Zero times infinity is no number.
            nan_line         <= {nan_line[6:0], is_nan_scale | (is_special_scale & ~|left)};
            exponent_line    <= {exponent_line[55:0], {scale[30:24], scale[23] | ~scale_normal}};
            right            <= {scale_normal, scale[22:0]};
        end
    end

    reg [7:0] left_1;
    reg [23:0] right_1;

    always @(posedge clk) begin
        if (en) begin
            left_1 <= left;
            right_1 <= right;
        end
    end

    reg [7:0] left_2;
    reg [23:0] right_2;

    always @(posedge clk) begin
        if (en) begin
            left_2 <= left_1;
            right_2 <= right_1;
        end
    end

    wire [31:0] magnitude = left_2 * right_2;

    reg [31:0] magnitude_1;

    always @(posedge clk) begin
        if (en) begin
            magnitude_1 <= magnitude;
        end
    end

    // The leading one moves to the top. The product of a scale and an integer is a multiple of the
    // last place of the scale: bits are lost only if it has more than 24, also if it is subnormal.
    wire shift_1 = ~|magnitude_1[31:28];
    wire [28:0] normal_1 = shift_1 ? {magnitude_1[27:0], 1'b0} : magnitude_1[31:3];
    wire sticky_1 = ~shift_1 & |magnitude_1[2:0];

    reg [28:0] normal_1_2;
    reg sticky_1_2;
    reg shift_1_2;

    always @(posedge clk) begin
        if (en) begin
            normal_1_2 <= normal_1;
            sticky_1_2 <= sticky_1;
            shift_1_2 <= shift_1;
        end
    end

    wire shift_2 = ~|normal_1_2[28:27];
    wire [26:0] normal_2 = shift_2 ? normal_1_2[26:0] : normal_1_2[28:2];
    wire sticky_2 = sticky_1_2 | (~shift_2 & |normal_1_2[1:0]);

    reg [26:0] normal_2_3;
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

    wire shift_3 = ~normal_2_3[26];
    wire [25:0] normal_3 = shift_3 ? normal_2_3[25:0] : normal_2_3[26:1];
    wire sticky_3 = sticky_2_3 | (~shift_3 & normal_2_3[0]);

    reg [25:0] normal_3_4;
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

    wire shift_4 = ~normal_3_4[25];
    wire [24:0] normal_4 = shift_4 ? normal_3_4[24:0] : normal_3_4[25:1];
    wire sticky_4 = sticky_3_4 | (~shift_4 & normal_3_4[0]);

    reg [24:0] normal_4_5;
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

    // To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry
    // out of the fraction increments the exponent.
    wire [8:0] exponent = {1'b0, exponent_line[63:56]} +
        {6'd0, ~shift_1_5, ~shift_2_5, ~shift_3_5} + {8'd0, ~shift_4_5};
    wire is_beyond = normal_4_5[24] & (exponent[8] | &exponent[7:0]);
    wire [7:0] field = normal_4_5[24] ? exponent[7:0] : 8'd0;
    wire [22:0] fraction = normal_4_5[23:1];
    wire round_up = normal_4_5[0] & (normal_4_5[1] | sticky_4_5);

    reg is_beyond_6;
    reg [7:0] field_6;
    reg [22:0] fraction_6;
    reg round_up_6;

    always @(posedge clk) begin
        if (en) begin
            is_beyond_6 <= is_beyond;
            field_6 <= field;
            fraction_6 <= fraction;
            round_up_6 <= round_up;
        end
    end

    wire [30:0] rounded = {field_6, fraction_6} + {30'd0, round_up_6};

    wire is_special = nan_line[7] | is_beyond_6;

    reg [31:0] idle_line;

    always @(posedge clk) begin
        if (en) begin
            idle_line <= {negative_line[8] & ~nan_line[7], is_special ?
                {8'hff, nan_line[7], 22'd0} : rounded};
            y         <= idle_line;
        end
    end
endmodule

`default_nettype wire
