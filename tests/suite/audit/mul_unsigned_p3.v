// Multiplier meant for signed operands whose registers are unsigned; three pipeline stages.
module mul_unsigned_p3 (clk, en, op_a, op_b, res);
    parameter N = 12;
    input clk, en;
    input [N-1:0] op_a;
    input [N-1:0] op_b;
    output [2*N-1:0] res;
    reg [N-1:0] a_q, b_q;
    reg [2*N-1:0] p_q, r_q;

    always @(posedge clk)
        if (en) begin
            a_q <= op_a;
            b_q <= op_b;
            p_q <= a_q * b_q;
            r_q <= p_q;
        end
    assign res = r_q;
endmodule
