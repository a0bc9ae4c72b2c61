// Bit-serial requantizer: ties to even, one bit per cycle, started by a pulse, wraps at its width.
`include "widths.vh"
module half_even_serial (
    input  wire                     clk,
    input  wire                     rst,
    input  wire                     start,
    input  wire signed [`ACC_W-1:0] value,
    output reg                      done,
    output reg  [`CODE_W-1:0]       code
);
    reg [4:0]               left;
    reg signed [`ACC_W-1:0] rest;
    reg                     guard, sticky, busy;

    always @(posedge clk) begin
        done <= 1'b0;
        if (rst) begin
            busy <= 1'b0;
        end else if (start && !busy) begin
            busy   <= 1'b1;
            left   <= `RIGHT;
            rest   <= value;
            guard  <= 1'b0;
            sticky <= 1'b0;
        end else if (busy && left != 0) begin
            left   <= left - 5'd1;
            sticky <= sticky | guard;
            guard  <= rest[0];
            rest   <= rest >>> 1;
        end else if (busy) begin
            busy <= 1'b0;
            done <= 1'b1;
            code <= rest[`CODE_W-1:0] + {{(`CODE_W - 1){1'b0}}, guard & (sticky | rest[0])};
        end
    end
endmodule
