// SPDX-License-Identifier: 0BSD
// requantizer_serial: accumulator to output codes, one bit a cycle.
// (R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.
// Latency: 9 clock cycles; one result at a time.
//
// Made by qrtl 0.1.0 with: qrtl generate serial_requantizer --preset requantizer_serial
// Config digest: 1df3506306016234

`default_nettype none

module requantizer_serial (
    input  wire               clk,   // acts on the rising edge
    input  wire               rst,   // synchronous, drops what is on its way
    input  wire               start, // takes the inputs in, unless busy
    input  wire signed [31:0] acc,   // accumulator
    output reg                busy,  // a result is on its way
    output reg                done,  // out is new, for one cycle
    output reg  signed [7:0]  out    // output code, holds until the next
);

    // The rest of the accumulator: as a bit of the code is found, its weight is subtracted or
    //     added.
    reg [30:0] rest;
    reg [7:0] digits; // those found so far, behind a one
    reg first;
    reg negative;
    reg outside;

    wire below_zero = rest[30];
    wire subtracts = first | ~below_zero;
    wire [30:0] weight =
        first ? (below_zero ? 31'd2147246113 : 31'd2147246129) : 31'd60807040;
    wire [30:0] next =
        {rest[29:0], 1'b0} + (subtracts ? ~weight : weight) + {30'd0, subtracts};
    wire [7:0] index = {digits[6:0], ~next[30]};

    always @(posedge clk) begin
        if (rst) begin
            busy <= 1'b0;
            done <= 1'b0;
            out  <= 8'd0;
        end else if (!busy) begin
            done <= 1'b0;
            if (start) begin
                busy   <= 1'b1;
                rest   <= {{5{acc[31]}}, acc[15:0], 10'd0};
                digits <= 8'd1;
                first  <= 1'b1;
                negative <= acc[31];
                outside  <= (|acc[31:15]) & ~(&acc[31:15]);
            end
        end else begin
            rest   <= next;
            digits <= index;
            first  <= 1'b0;
            if (digits[7]) begin
                busy <= 1'b0;
                done <= 1'b1;
                out  <= $signed(outside ? (negative ? 8'd128 : 8'd127) : {~index[7], index[6:0]});
            end
        end
    end
endmodule

`default_nettype wire
