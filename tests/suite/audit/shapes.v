// Small designs with uncommon ports: vectors, active-low controls, addends, falling edges.
module fraction(input signed [7:0] a, b, output signed [7:0] y);
    wire signed [15:0] product = a * b + 16'sd64;
    assign y = product[14:7];
endmodule
module drops(input clk, rst, clr, input [7:0] a, b, output reg [23:0] acc);
    reg [7:0] ar, br;
    reg [15:0] p;
    reg c1, c2;
    always @(posedge clk) begin
        ar <= a;
        br <= b;
        p  <= ar * br;
        c1 <= clr;
        c2 <= c1;
        acc <= rst || c2 ? 24'd0 : acc + p;
    end
endmodule
module fused(input signed [7:0] a, b, input signed [19:0] c, output signed [19:0] y);
    assign y = a * b + c;
endmodule
module low(input clk_n, ce_n, vi_n, output reg vo_n, input signed [31:0] acc, output reg signed [15:0] q);
    reg signed [31:0] t;
    reg v;
    always @(negedge clk_n) if (!ce_n) begin
        t    <= acc;
        v    <= vi_n;
        vo_n <= v;
        q    <= (t + 32'sd2048) >>> 12;
    end
endmodule
module channels(input [63:0] accs, input [4:0] right, output [15:0] codes);
    genvar i;
    generate
        for (i = 0; i < 2; i = i + 1) begin : channel
            wire signed [31:0] acc = accs[32*i +: 32];
            wire signed [31:0] shifted = acc >>> right;
            assign codes[8*i +: 8] = shifted > 127 ? 8'd127 : shifted < -128 ? 8'd128 : shifted[7:0];
        end
    endgenerate
endmodule
module lanes(input clk, rst, first, valid, input signed [3:0] a0, a1, b0, b1, output reg signed [9:0] sum);
    wire signed [8:0] dot = a0 * b0 + a1 * b1;
    wire signed [10:0] next = (first ? 11'sd0 : sum) + dot;
    always @(posedge clk)
        if (rst) sum <= 0;
        else if (valid) sum <= next > 511 ? 10'sd511 : next < -512 ? -10'sd512 : next[9:0];
endmodule
