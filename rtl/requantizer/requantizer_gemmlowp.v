// SPDX-License-Identifier: 0BSD
// requantizer_gemmlowp: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 5 clock cycles with en = 1; one result per cycle.
// Architecture: adders. The 255 thresholds of the rule are those of floor((acc * 18081 + offset) /
//     2^22).
//
// Made by qrtl 0.1.0 with: qrtl generate requantizer --preset requantizer_gemmlowp
// Config digest: d92eed4af25a4c95

`default_nettype none

module requantizer_gemmlowp (
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
    wire [3:0] segment = {acc[31], acc[14:12]};
    wire outside = (|acc[31:15]) & ~(&acc[31:15]);

    (* keep *) wire [20:2] sum_1;
    assign sum_1 = {window, 3'd0} - {{5{window[15]}}, window[15:2]};

    reg [15:0] window_1;
    reg [20:2] sum_1_1;
    reg [3:0] segment_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            window_1 <= window;
            sum_1_1 <= sum_1;
            segment_1 <= segment;
            outside_1 <= outside;
        end
    end

    (* keep *) wire [24:2] sum_2;
    assign sum_2 = {{4{sum_1_1[20]}}, sum_1_1} + {window_1[15], window_1, 6'd0};

    reg [24:2] sum_2_2;
    reg [3:0] segment_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            sum_2_2 <= sum_2;
            segment_2 <= segment_1;
            outside_2 <= outside_1;
        end
    end

    (* keep *) wire [30:8] product;
    assign product = sum_2_2 + {{~segment_2[3], ~segment_2[3], ~segment_2[3], ~segment_2[3],
        ~segment_2[3], ~segment_2[3], ~segment_2[3]}, ~sum_2_2[23:8]};

    reg [30:8] product_3;
    reg [3:0] segment_3;
    reg outside_3;

    always @(posedge clk) begin
        if (en) begin
            product_3 <= product;
            segment_3 <= segment_2;
            outside_3 <= outside_2;
        end
    end

    wire [30:8] line = product_3 + {1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0,
        ~segment_3[3], segment_3[3], segment_3[3], segment_3[3], segment_3[3], segment_3[3],
        (segment_3[3] ? (segment_3[2] ? 1'b1 : (segment_3[1] ? 1'b0 : ~segment_3[0])) :
        (segment_3[2] ? 1'b1 : (segment_3[1] ? segment_3[0] : 1'b0))),
        (segment_3[3] ? (segment_3[2] ? 1'b0 : (segment_3[1] ? 1'b1 : segment_3[0])) :
        (segment_3[2] ? 1'b0 : (segment_3[1] ? ~segment_3[0] : 1'b1))),
        (segment_3[3] ? (segment_3[1] ? 1'b1 : segment_3[0]) :
        (segment_3[1] ? ~segment_3[0] : 1'b0)), (segment_3[3] ?
        (segment_3[1] ? segment_3[0] : 1'b0) : (segment_3[1] ? 1'b0 : segment_3[0])),
        (segment_3[3] ? (segment_3[2] ? segment_3[1] : (segment_3[1] ? segment_3[0] : 1'b0)) :
        (segment_3[1] ? 1'b0 : segment_3[0])), (segment_3[3] ?
        (segment_3[2] ? (segment_3[1] ? segment_3[0] : 1'b0) :
        (segment_3[1] ? ~segment_3[0] : 1'b0)) : (segment_3[2] ?
        (segment_3[1] ? 1'b0 : ~segment_3[0]) : 1'b0)),
        (segment_3[3] ? (segment_3[2] ? 1'b0 : (segment_3[1] ? segment_3[0] : 1'b0)) :
        (segment_3[2] ? ~segment_3[1] : (segment_3[1] ? 1'b0 : ~segment_3[0]))),
        (segment_3[3] ? (segment_3[2] ? (segment_3[1] ? segment_3[0] : 1'b0) :
        (segment_3[1] ? ~segment_3[0] : 1'b0)) : 1'b0)};

    reg [30:8] line_4;
    reg segment_4;
    reg outside_4;

    always @(posedge clk) begin
        if (en) begin
            line_4 <= line;
            segment_4 <= segment_3[3];
            outside_4 <= outside_3;
        end
    end

    wire fits = ~outside_4 & ((&line_4[30:29]) | ~(|line_4[30:29]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line_4[29:22] : {segment_4, {7{~segment_4}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line_4[21:8]};
endmodule

`default_nettype wire
