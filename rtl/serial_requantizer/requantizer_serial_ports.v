// SPDX-License-Identifier: 0BSD
// requantizer_serial_ports: accumulator to output codes, one bit a cycle.
// (R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.
// Latency: 33 - shift clock cycles; one result at a time.
//
// Made by qrtl 0.1.0 with: qrtl generate serial_requantizer --preset requantizer_serial_ports
// Config digest: bfe6ea774ad363bd

`default_nettype none

module requantizer_serial_ports (
    input  wire               clk,        // acts on the rising edge
    input  wire               rst,        // synchronous, drops what is on its way
    input  wire               start,      // takes the inputs in, unless busy
    input  wire signed [31:0] acc,        // accumulator
    input  wire [30:0]        multiplier, // Q0.31 multiplier
    input  wire signed [5:0]  shift,      // left shift, negative to the right
    output reg                busy,       // a result is on its way
    output reg                done,       // out is new, for one cycle
    output reg  signed [7:0]  out         // output code, holds until the next
);

    reg signed [31:0] multiplicand;
    reg [30:0] factor; // multiplier bits that are still to come
    reg [5:0] left;    // shifts that are still to come
    reg signed [31:0] upper;
    reg last;          // the bit that was shifted out last

    wire signed [32:0] sum =
        $signed({upper[31], upper} + (factor[0] ? {multiplicand[31], multiplicand} : 33'd0));
    wire up = last;
    wire signed [32:0] scaled = $signed({upper[31], upper} + {32'd0, up});
    wire [5:0] places = ~shift[5] ? 6'd0 : (shift == -6'sd32) ? 6'd31 : 6'd0 - shift[5:0];
    wire fits = (&scaled[32:7]) | ~(|scaled[32:7]);
    wire signed [7:0] offset = $signed(fits ? scaled[7:0] : {scaled[32], {7{~scaled[32]}}});

    always @(posedge clk) begin
        if (rst) begin
            busy <= 1'b0;
            done <= 1'b0;
            out  <= 8'd0;
        end else if (!busy) begin
            done <= 1'b0;
            if (start) begin
                busy <= 1'b1;
                multiplicand <= acc;
                factor <= multiplier;
                left   <= 6'd31 + places;
                upper  <= 32'd0;
                last   <= 1'b0;
            end
        end else if (left != 6'd0) begin
            upper  <= $signed(sum[32:1]);
            last   <= sum[0];
            factor <= {1'b0, factor[30:1]};
            left   <= left - 6'd1;
        end else begin
            busy <= 1'b0;
            done <= 1'b1;
            out  <= offset;
        end
    end
endmodule

`default_nettype wire
