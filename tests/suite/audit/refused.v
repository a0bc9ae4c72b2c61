// Designs that the audit refuses, each for a different reason.
module loops(input signed [31:0] acc, output signed [7:0] q);
    wire [31:0] x = ~y;
    wire [31:0] y = x + acc;
    assign q = x[7:0];
endmodule
module latch(input signed [31:0] acc, output reg signed [7:0] q);
    always @* if (acc[0]) q = acc[15:8];
endmodule
module silent(input clk, rst, vi, input signed [7:0] a, b, output reg vo, output reg signed [15:0] p);
    always @(posedge clk) begin
        p  <= a * b;
        vo <= 1'b0;
    end
endmodule
module finishes(input clk, input signed [7:0] a, b, output reg signed [15:0] p);
    reg [7:0] n = 0;
    always @(posedge clk) begin
        p <= a * b;
        n <= n + 1;
        if (n == 200) $finish;
    end
endmodule
module fatal(input clk, input signed [7:0] a, b, output reg signed [15:0] p);
    always @(posedge clk) begin
        p <= a * b;
        if (a == 3) $fatal(1, "three");
    end
endmodule
module plain(input signed [7:0] a, b, input [3:0] mode, output signed [15:0] p);
    assign p = a * b;
endmodule
