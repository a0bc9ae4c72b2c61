// SPDX-License-Identifier: 0BSD
// quantizer_uint8: binary32 to integer codes by the reciprocal of the scale.
// Latency: 17 clock cycles with en = 1; one result per cycle.
// The product is rounded to binary32, then to an integer, both to nearest and ties to even.
// Codes saturate at 0 and 255; NaN becomes 0.
//
// Made by qrtl 0.1.0 with: qrtl generate quantizer --preset quantizer_uint8
// Config digest: d9dfacbeff742206

`default_nettype none

module quantizer_uint8 (
    input  wire        clk,           // acts on the rising edge
    input  wire        rst,           // synchronous, drops what is on its way, wins over en
    input  wire        en,            // holds every register when 0
    input  wire        valid_in,      // the inputs count
    input  wire [31:0] x,             // real number
    input  wire [31:0] inverse_scale, // 1 / scale, rounded to binary32
    input  wire [7:0]  zero_point,    // code of real zero
    output wire        valid_out,     // the outputs count
    output reg  [7:0]  q              // code of x
);

    // One bit a stage, in step with the data.
    reg [16:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 17'd0;
        else if (en)
            valid <= {valid[15:0], valid_in};
    end

    assign valid_out = valid[16];

    // A subnormal has no hidden bit, and the exponent of the least normal number.
    wire x_normal = |x[30:23];
    wire x_special = &x[30:23];
    wire inverse_normal = |inverse_scale[30:23];
    wire inverse_special = &inverse_scale[30:23];
    wire any_nan = (x_special & |x[22:0]) | (inverse_special & |inverse_scale[22:0]);
    wire any_zero = ~|x[30:0] | ~|inverse_scale[30:0];
    // Zero times infinity is no number. NaN saturates as minus infinity does.
    wire is_nan = any_nan | (any_zero & (x_special | inverse_special));
    reg [6:0] negative_line;
    reg is_special;
    reg [8:0] exponent;
    reg [23:0] left;
    reg [23:0] right;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[5:0], (x[31] ^ inverse_scale[31]) | is_nan};
            is_special    <= x_special | inverse_special;
            exponent      <= {1'b0, x[30:24], x[23] | ~x_normal} +
                {1'b0, inverse_scale[30:24], inverse_scale[23] | ~inverse_normal};
            left          <= {x_normal, x[22:0]};
            right         <= {inverse_normal, inverse_scale[22:0]};
        end
    end

    reg [23:0] left_1;
    reg [23:0] right_1;

    always @(posedge clk) begin
        if (en) begin
            left_1 <= left;
            right_1 <= right;
        end
    end

    reg [23:0] left_2;
    reg [23:0] right_2;

    always @(posedge clk) begin
        if (en) begin
            left_2 <= left_1;
            right_2 <= right_1;
        end
    end

    // From 2^8 on every code saturates; the highest bit of the product is `depth` bits below that.
    // A negative depth needs normal operands, whose product is then too large.
    wire [9:0] depth = 10'd261 - {1'b0, exponent};
    wire [3:0] shift = depth[3:0] | {4{|depth[8:4]}};
    reg [47:0] product;
    reg [11:0] shift_line;
    reg [2:0] large_line;

    always @(posedge clk) begin
        if (en) begin
            product    <= left_2 * right_2;
            shift_line <= {shift_line[7:0], shift};
            large_line <= {large_line[1:0], is_special | depth[9]};
        end
    end

    // Overflow, integer and half. The fraction below the half is what the shift drops, and what
    // every shift drops down to bit 24. Above a tie it is not 0; just below one it is all ones.
    wire [9:0] head = product[47:38];
    wire [9:0] aligned = head >> shift_line[11:8];
    wire [8:0] is_fraction = ~({9{1'b1}} << shift_line[11:8]);
    wire any_fraction = |(head[8:0] & is_fraction) | |product[37:24];
    wire all_fraction = &(head[8:0] | ~is_fraction) & &product[37:24];
    reg [7:0] addend_1;
    reg is_odd;
    reg half;
    reg fraction;
    reg [3:0] tail;
    reg any_rest;
    reg [2:0] leading;
    reg [2:0] saturated_line;

    // Rounding to binary32 drops the bits below bit 24 if the leading one is bit 47. With a
    // subnormal operand it may be as low as bit 44; further down, the code is that of zero.
    always @(posedge clk) begin
        if (en) begin
            addend_1       <= aligned[8:1] ^ {8{negative_line[3]}};
            is_odd         <= aligned[1];
            half           <= aligned[0];
            fraction       <= aligned[0] ? any_fraction : all_fraction;
            tail           <= product[23:20];
            any_rest       <= |product[19:0];
            leading        <= {product[47], |product[47:46], |product[47:45]};
            saturated_line <= {saturated_line[1:0], large_line[2] | aligned[9]};
        end
    end

    // Rounding to binary32 matters only where it makes a tie of a product beside one: closer than
    // the first bit that it drops, or as close. A tie goes to the even integer.
    wire [3:0] is_dropped = {1'b0, leading};
    wire [3:0] is_kept = ~{leading, 1'b1};
    wire [3:0] is_guard = ~(is_kept | is_dropped);
    wire is_above_tie = fraction | |(tail & is_kept) |
        (|(tail & is_guard) & (any_rest | |(tail & is_dropped)));
    wire is_just_below = fraction & &(tail | is_dropped);
    wire round_up = is_odd ? half | is_just_below : half & is_above_tie;
    reg [7:0] addend_2;
    reg carry;
    reg [47:0] zero_point_line;

    always @(posedge clk) begin
        if (en) begin
            addend_2        <= addend_1;
            carry           <= round_up ^ negative_line[4];
            zero_point_line <= {zero_point_line[39:0], zero_point};
        end
    end

    // A negative magnitude is the complement of its bits, plus one unless it is rounded up.
    wire [7:0] zero_point_then = zero_point_line[47:40];
    reg signed [9:0] shifted;
    wire is_low = saturated_line[2] ? negative_line[6] : shifted < 10'sd0;
    wire is_high = saturated_line[2] ? ~negative_line[6] : shifted > 10'sd255;
    wire [7:0] clamped = is_low ? 8'd0 : is_high ? 8'd255 : shifted[7:0];

    always @(posedge clk) begin
        if (en)
            shifted <= $signed({2'd0, zero_point_then} + {{2{negative_line[5]}}, addend_2} +
                {9'd0, carry});
    end

    reg [71:0] code_line;

    always @(posedge clk) begin
        if (en) begin
            code_line <= {code_line[63:0], clamped};
            q         <= code_line[71:64];
        end
    end
endmodule

`default_nettype wire
