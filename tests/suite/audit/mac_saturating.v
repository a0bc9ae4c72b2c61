// Mac for int8 that saturates at 20 bits; `first` marks the first pair of a sum.
module mac_saturating (
    input  wire               clk,
    input  wire               ce,
    input  wire               first,
    input  wire signed [7:0]  x,
    input  wire signed [7:0]  w,
    output wire signed [19:0] sum
);
    reg signed [15:0] product;
    reg               first_q;
    reg signed [19:0] total;
    wire signed [20:0] next = (first_q ? 21'sd0 : {total[19], total}) + {{5{product[15]}}, product};

    always @(posedge clk) if (ce) begin
        product <= x * w;
        first_q <= first;
        total   <= next[20] == next[19] ? next[19:0] : {next[20], {19{~next[20]}}};
    end
    assign sum = total;
endmodule
