// SPDX-License-Identifier: 0BSD
// requantizer_f32: accumulator to output codes under a named rounding rule.
// (R4) rint(f32(acc) * multiplier), each step rounded half to even, + zero_point, clamped.
// Latency: 5 clock cycles with en = 1; one result per cycle.
// Architecture: adders. The 255 thresholds of the rule are those of floor((acc * 578623 + offset) /
//     2^27).
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_f32
// Config digest: a2c9eacdb90d0502

`default_nettype none

module requantizer_f32 (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [31:0] acc,       // accumulator
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
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
    wire [15:0] window = acc[15:0];
    wire segment = acc[31];
    wire outside = (|acc[31:15]) & ~(&acc[31:15]);

    (* keep *) wire [21:0] sum_1;
    assign sum_1 = {window, 6'd0} - {{6{window[15]}}, window};

    reg [15:0] window_1;
    reg [21:0] sum_1_1;
    reg segment_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            window_1 <= window;
            sum_1_1 <= sum_1;
            segment_1 <= segment;
            outside_1 <= outside;
        end
    end

    (* keep *) wire [21:0] sum_2;
    assign sum_2 = sum_1_1 - {{5{window_1[15]}}, window_1, 1'b0};

    reg [21:0] sum_1_2;
    reg [21:1] sum_2_2;
    reg segment_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            sum_1_2 <= sum_1_1;
            sum_2_2 <= sum_2[21:1];
            segment_2 <= segment_1;
            outside_2 <= outside_1;
        end
    end

    (* keep *) wire [25:1] sum_3;
    assign sum_3 = {{4{sum_2_2[21]}}, sum_2_2} + {{sum_1_2[21], sum_1_2}, {~segment_2, 1'b0}};

    reg [20:12] sum_1_3;
    reg [25:2] sum_3_3;
    reg segment_3;
    reg outside_3;

    always @(posedge clk) begin
        if (en) begin
            sum_1_3 <= sum_1_2[20:12];
            sum_3_3 <= sum_3[25:2];
            segment_3 <= segment_2;
            outside_3 <= outside_2;
        end
    end

    wire [35:12] line = sum_3_3 + {{1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0,
        ~segment_3, segment_3, segment_3, segment_3, segment_3, segment_3}, sum_1_3};

    reg [35:12] line_4;
    reg segment_4;
    reg outside_4;

    always @(posedge clk) begin
        if (en) begin
            line_4 <= line;
            segment_4 <= segment_3;
            outside_4 <= outside_3;
        end
    end

    wire fits = ~outside_4 & ((&line_4[35:34]) | ~(|line_4[35:34]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line_4[34:27] : {segment_4, {7{~segment_4}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line_4[26:12], sum_2[0], sum_3[1]};
endmodule

`default_nettype wire
