// SPDX-License-Identifier: 0BSD
// requantizer_per_channel: accumulator to output codes under a named rounding rule.
// (R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.
// Latency: 4 clock cycles with en = 1; one result per cycle.
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_per_channel
// Config digest: 1a3046c85248234f

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
    reg [3:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 4'd0;
        else if (en)
            valid <= {valid[2:0], valid_in};
    end

    assign valid_out = valid[3];

    reg signed [31:0] acc_1;
    reg [3:0] channel_1;

    always @(posedge clk)
        if (en) begin
            acc_1 <= acc;
            channel_1 <= channel;
        end

    // By channel; past the end, the last entry.
    function automatic [30:0] multiplier_of(input reg [3:0] index);
        case (index)
            4'd0: multiplier_of = 31'd1185020333;
            4'd1: multiplier_of = 31'd1073741824;
            4'd2: multiplier_of = 31'd2147483647;
            4'd3: multiplier_of = 31'd1395864371;
            4'd4: multiplier_of = 31'd1932735283;
            4'd5: multiplier_of = 31'd1181116007;
            4'd6: multiplier_of = 31'd0;
            4'd7: multiplier_of = 31'd1610612736;
            4'd8: multiplier_of = 31'd1288490189;
            4'd9: multiplier_of = 31'd2040109466;
            4'd10: multiplier_of = 31'd1717986918;
            4'd11: multiplier_of = 31'd1127428915;
            4'd12: multiplier_of = 31'd1503238554;
            4'd13: multiplier_of = 31'd1825361101;
            4'd14: multiplier_of = 31'd1342177280;
            default: multiplier_of = 31'd1879048192;
        endcase
    endfunction

    wire [30:0] multiplier = multiplier_of(channel_1);

    // By channel; past the end, the last entry.
    function automatic signed [5:0] shift_of(input reg [3:0] index);
        case (index)
            4'd0: shift_of = -6'sd7;
            4'd1: shift_of = -6'sd7;
            4'd2: shift_of = -6'sd8;
            4'd3: shift_of = -6'sd6;
            4'd4: shift_of = -6'sd7;
            4'd5: shift_of = -6'sd9;
            4'd6: shift_of = 6'sd0;
            4'd7: shift_of = -6'sd8;
            4'd8: shift_of = -6'sd7;
            4'd9: shift_of = -6'sd10;
            4'd10: shift_of = -6'sd7;
            4'd11: shift_of = -6'sd6;
            4'd12: shift_of = -6'sd8;
            4'd13: shift_of = -6'sd7;
            4'd14: shift_of = -6'sd5;
            default: shift_of = -6'sd12;
        endcase
    endfunction

    wire signed [5:0] shift = shift_of(channel_1);

    wire signed [5:0] legal_shift = (shift == -6'sd32) ? -6'sd31 : (shift == 6'sd31) ? 6'sd30 :
        shift;
    wire [5:0] right = 6'd30 - legal_shift[5:0];
    wire signed [62:0] product = acc_1 * $signed({1'b0, multiplier});

    reg [5:0] right_2;
    reg signed [62:0] product_2;

    always @(posedge clk)
        if (en) begin
            right_2 <= right;
            product_2 <= product;
        end

    // Half up: one bit more than the result, which is added to the bits above it.
    wire signed [62:0] shifted = product_2 >>> right_2;
    wire signed [62:0] scaled = $signed({shifted[62], shifted[62:1]} + {62'd0, shifted[0]});

    reg signed [62:0] scaled_3;

    always @(posedge clk)
        if (en) begin
            scaled_3 <= scaled;
        end

    wire fits = (&scaled_3[62:7]) | ~(|scaled_3[62:7]);
    wire signed [7:0] offset = $signed(fits ? scaled_3[7:0] : {scaled_3[62], {7{~scaled_3[62]}}});

    always @(posedge clk)
        if (en)
            out <= offset;
endmodule

`default_nettype wire
