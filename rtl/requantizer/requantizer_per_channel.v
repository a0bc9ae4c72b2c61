// SPDX-License-Identifier: 0BSD
// requantizer_per_channel: accumulator to output codes under a named rounding rule.
// (R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.
// Latency: 10 clock cycles with en = 1; one result per cycle.
// Architecture: short_multiplier of 20 bits by channel, as inferred, with the thresholds of the
//     rule.
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_per_channel
// Config digest: 196030930102a0a5

`default_nettype none

module requantizer_per_channel (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    input  wire [3:0]         channel,   // channel of acc
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
);

    // One bit a stage, in step with the data.
    reg [9:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 10'd0;
        else if (en)
            valid <= {valid[8:0], valid_in};
    end

    assign valid_out = valid[9];

    // By channel; past the end, the last.
    function automatic [2:0] shift_of(input reg [3:0] index);
        case (index)
            4'd0: shift_of = 3'd5;
            4'd1: shift_of = 3'd5;
            4'd2: shift_of = 3'd5;
            4'd3: shift_of = 3'd6;
            4'd4: shift_of = 3'd5;
            4'd5: shift_of = 3'd3;
            4'd6: shift_of = 3'd0;
            4'd7: shift_of = 3'd4;
            4'd8: shift_of = 3'd5;
            4'd9: shift_of = 3'd2;
            4'd10: shift_of = 3'd5;
            4'd11: shift_of = 3'd6;
            4'd12: shift_of = 3'd4;
            4'd13: shift_of = 3'd5;
            4'd14: shift_of = 3'd7;
            default: shift_of = 3'd0;
        endcase
    endfunction

    wire [2:0] shift = shift_of(channel);

    // By channel; past the end, the last.
    function automatic [19:0] multiplier_of(input reg [3:0] index);
        case (index)
            4'd0: multiplier_of = 20'd578623;
            4'd1: multiplier_of = 20'd524288;
            4'd2: multiplier_of = 20'd524272;
            4'd3: multiplier_of = 20'd681571;
            4'd4: multiplier_of = 20'd943713;
            4'd5: multiplier_of = 20'd576717;
            4'd6: multiplier_of = 20'd0;
            4'd7: multiplier_of = 20'd786432;
            4'd8: multiplier_of = 20'd629146;
            4'd9: multiplier_of = 20'd996147;
            4'd10: multiplier_of = 20'd838820;
            4'd11: multiplier_of = 20'd550501;
            4'd12: multiplier_of = 20'd734004;
            4'd13: multiplier_of = 20'd891290;
            4'd14: multiplier_of = 20'd655360;
            default: multiplier_of = 20'd917504;
        endcase
    endfunction

    wire [19:0] multiplier = multiplier_of(channel);

    // By channel; past the end, the last.
    function automatic is_constant_of(input reg [3:0] index);
        case (index)
            4'd0: is_constant_of = 1'd0;
            4'd1: is_constant_of = 1'd0;
            4'd2: is_constant_of = 1'd0;
            4'd3: is_constant_of = 1'd0;
            4'd4: is_constant_of = 1'd0;
            4'd5: is_constant_of = 1'd0;
            4'd6: is_constant_of = 1'd1;
            4'd7: is_constant_of = 1'd0;
            4'd8: is_constant_of = 1'd0;
            4'd9: is_constant_of = 1'd0;
            4'd10: is_constant_of = 1'd0;
            4'd11: is_constant_of = 1'd0;
            4'd12: is_constant_of = 1'd0;
            4'd13: is_constant_of = 1'd0;
            4'd14: is_constant_of = 1'd0;
            default: is_constant_of = 1'd0;
        endcase
    endfunction

    wire is_constant = is_constant_of(channel);

    // By channel; past the end, the last.
    function automatic signed [15:0] offset_of(input reg [4:0] index);
        case (index)
            5'd0: offset_of = 16'sd16384;
            5'd1: offset_of = 16'sd16384;
            5'd2: offset_of = 16'sd16384;
            5'd3: offset_of = 16'sd16384;
            5'd4: offset_of = 16'sd16384;
            5'd5: offset_of = 16'sd16384;
            5'd6: offset_of = 16'sd16384;
            5'd7: offset_of = 16'sd16384;
            5'd8: offset_of = 16'sd16384;
            5'd9: offset_of = 16'sd16384;
            5'd10: offset_of = 16'sd16384;
            5'd11: offset_of = 16'sd16384;
            5'd12: offset_of = 16'sd0;
            5'd13: offset_of = 16'sd0;
            5'd14: offset_of = 16'sd16384;
            5'd15: offset_of = 16'sd16384;
            5'd16: offset_of = 16'sd16384;
            5'd17: offset_of = 16'sd16384;
            5'd18: offset_of = 16'sd16385;
            5'd19: offset_of = 16'sd16383;
            5'd20: offset_of = 16'sd16384;
            5'd21: offset_of = 16'sd16384;
            5'd22: offset_of = 16'sd16384;
            5'd23: offset_of = 16'sd16384;
            5'd24: offset_of = 16'sd16384;
            5'd25: offset_of = 16'sd16384;
            5'd26: offset_of = 16'sd16384;
            5'd27: offset_of = 16'sd16384;
            5'd28: offset_of = 16'sd16384;
            5'd29: offset_of = 16'sd16384;
            5'd30: offset_of = 16'sd16384;
            default: offset_of = 16'sd16384;
        endcase
    endfunction

    wire signed [15:0] offset = offset_of({channel, acc[31]});
    wire below_zero = acc[31];
    wire signed [20:0] aligned = $signed(acc[20:0] << shift);
    wire outside = ~is_constant & (((|acc[31:20]) & ~(&acc[31:20])) |
        ((shift >= 3'd1) & (acc[19] ^ acc[31])) | ((shift >= 3'd2) & (acc[18] ^ acc[31])) |
        ((shift >= 3'd3) & (acc[17] ^ acc[31])) | ((shift >= 3'd4) & (acc[16] ^ acc[31])) |
        ((shift >= 3'd5) & (acc[15] ^ acc[31])) | ((shift >= 3'd6) & (acc[14] ^ acc[31])) |
        ((shift >= 3'd7) & (acc[13] ^ acc[31])));

    reg [15:0] offset_1;
    reg below_zero_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            offset_1 <= offset[15:0];
            below_zero_1 <= below_zero;
            outside_1 <= outside;
        end
    end

    reg signed [20:0] aligned_1;
    reg [19:0] multiplier_1;

    always @(posedge clk) begin
        if (en) begin
            aligned_1 <= aligned;
            multiplier_1 <= multiplier;
        end
    end

    reg signed [20:0] aligned_2;
    reg [19:0] multiplier_2;

    always @(posedge clk) begin
        if (en) begin
            aligned_2 <= aligned_1;
            multiplier_2 <= multiplier_1;
        end
    end

    reg signed [20:0] aligned_3;
    reg [19:0] multiplier_3;

    always @(posedge clk) begin
        if (en) begin
            aligned_3 <= aligned_2;
            multiplier_3 <= multiplier_2;
        end
    end

    reg signed [20:0] aligned_4;
    reg [19:0] multiplier_4;

    always @(posedge clk) begin
        if (en) begin
            aligned_4 <= aligned_3;
            multiplier_4 <= multiplier_3;
        end
    end

    reg signed [20:0] aligned_5;
    reg [19:0] multiplier_5;

    always @(posedge clk) begin
        if (en) begin
            aligned_5 <= aligned_4;
            multiplier_5 <= multiplier_4;
        end
    end

    reg signed [20:0] aligned_6;
    reg [19:0] multiplier_6;

    always @(posedge clk) begin
        if (en) begin
            aligned_6 <= aligned_5;
            multiplier_6 <= multiplier_5;
        end
    end

    reg signed [20:0] aligned_7;
    reg [19:0] multiplier_7;

    always @(posedge clk) begin
        if (en) begin
            aligned_7 <= aligned_6;
            multiplier_7 <= multiplier_6;
        end
    end

    wire signed [40:0] whole = aligned_7 * $signed({1'd0, multiplier_7});

    reg [15:0] offset_2;
    reg below_zero_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            offset_2 <= offset_1;
            below_zero_2 <= below_zero_1;
            outside_2 <= outside_1;
        end
    end

    reg [15:0] offset_3;
    reg below_zero_3;
    reg outside_3;

    always @(posedge clk) begin
        if (en) begin
            offset_3 <= offset_2;
            below_zero_3 <= below_zero_2;
            outside_3 <= outside_2;
        end
    end

    reg [15:0] offset_4;
    reg below_zero_4;
    reg outside_4;

    always @(posedge clk) begin
        if (en) begin
            offset_4 <= offset_3;
            below_zero_4 <= below_zero_3;
            outside_4 <= outside_3;
        end
    end

    reg [15:0] offset_5;
    reg below_zero_5;
    reg outside_5;

    always @(posedge clk) begin
        if (en) begin
            offset_5 <= offset_4;
            below_zero_5 <= below_zero_4;
            outside_5 <= outside_4;
        end
    end

    reg [15:0] offset_6;
    reg below_zero_6;
    reg outside_6;

    always @(posedge clk) begin
        if (en) begin
            offset_6 <= offset_5;
            below_zero_6 <= below_zero_5;
            outside_6 <= outside_5;
        end
    end

    reg [15:0] offset_7;
    reg below_zero_7;
    reg outside_7;

    always @(posedge clk) begin
        if (en) begin
            offset_7 <= offset_6;
            below_zero_7 <= below_zero_6;
            outside_7 <= outside_6;
        end
    end

    reg [15:0] offset_8;
    reg below_zero_8;
    reg outside_8;
    reg [40:17] whole_8;

    always @(posedge clk) begin
        if (en) begin
            offset_8 <= offset_7;
            below_zero_8 <= below_zero_7;
            outside_8 <= outside_7;
            whole_8 <= whole[40:17];
        end
    end

    wire [40:17] line = whole_8 + {{8{offset_8[15]}}, offset_8};

    reg [40:17] line_9;
    reg below_zero_9;
    reg outside_9;

    always @(posedge clk) begin
        if (en) begin
            line_9 <= line;
            below_zero_9 <= below_zero_8;
            outside_9 <= outside_8;
        end
    end

    wire fits = ~outside_9 & ((&line_9[40:39]) | ~(|line_9[40:39]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line_9[39:32] : {below_zero_9, {7{~below_zero_9}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line_9[31:17], whole[16:0]};
endmodule

`default_nettype wire
