// Multi-cycle multipliers: one holds `done` until the next `start`, one is `valid` whenever it is idle.
module booth #(parameter N = 8) (
    input  logic                clk,
    input  logic                rst,
    input  logic                start,
    input  logic signed [N-1:0] multiplicand,
    input  logic        [N-1:0] recoded,
    output logic                done,
    output logic signed [2*N-1:0] product
);
    logic signed [N:0] high, next;
    logic [N-1:0]      low;
    logic              last, busy;
    logic [7:0]        left;
    logic signed [N:0] wide;

    always_comb
        unique case ({low[0], last})
            2'b01:   next = high + wide;
            2'b10:   next = high - wide;
            default: next = high;
        endcase
    always_ff @(posedge clk)
        if (rst) begin
            busy <= 1'b0;
            done <= 1'b0;
        end else if (start && !busy) begin
            {high, low, last} <= {(N + 1)'(0), recoded, 1'b0};
            wide <= (N + 1)'(multiplicand);
            busy <= 1'b1;
            done <= 1'b0;
            left <= 8'(N);
        end else if (busy) begin
            {high, low, last} <= {next[N], next, low};
            left <= left - 8'd1;
            busy <= left != 8'd1;
            done <= left == 8'd1;
        end
    assign product = {high[N-1:0], low};
endmodule
module idle_valid (
    input  logic               clk,
    input  logic               rst_n,
    input  logic               start,
    input  logic signed [11:0] a,
    input  logic signed [11:0] b,
    output logic               valid,
    output logic signed [23:0] p
);
    logic [3:0]         left;
    logic signed [23:0] shifted;
    logic [11:0]        rest;
    assign valid = left == 4'd0;
    always_ff @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            left <= 4'd0;
            p    <= 24'sd0;
        end else if (valid) begin
            if (start) begin
                left    <= 4'd12;
                p       <= 24'sd0;
                shifted <= 24'(a);
                rest    <= b;
            end
        end else begin
            if (rest[0]) p <= left == 4'd1 ? p - shifted : p + shifted;
            shifted <= shifted <<< 1;
            rest    <= rest >> 1;
            left    <= left - 4'd1;
        end
endmodule
