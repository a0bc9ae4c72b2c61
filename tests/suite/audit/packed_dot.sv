// Dot product of four pairs whose operands, handshake and sum are fields of packed structs.
module packed_dot (
    input  logic clk,
    input  struct packed { logic signed [3:0][7:0] w; logic [3:0][7:0] x; logic go; logic rst; } req,
    output struct packed { logic signed [18:0] sum; logic ok; } rsp
);
    always_ff @(posedge clk) begin
        rsp.ok <= req.go && !req.rst;
        rsp.sum <= $signed(req.w[0]) * $signed({1'b0, req.x[0]}) + $signed(req.w[1]) * $signed({1'b0, req.x[1]})
                 + $signed(req.w[2]) * $signed({1'b0, req.x[2]}) + $signed(req.w[3]) * $signed({1'b0, req.x[3]});
    end
endmodule
