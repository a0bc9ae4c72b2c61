// Small designs with a parameter that selects a variant.

// Mac whose clear acts without enable; its register has 20 of the 32 output bits and wraps or saturates.
module short_sum #(parameter bit SATURATES = 0) (
    input  logic               clk,
    input  logic               rst,
    input  logic               clr,
    input  logic               en,
    input  logic signed [7:0]  x,
    input  logic signed [7:0]  w,
    output logic signed [31:0] y
);
    logic signed [19:0] acc;
    logic signed [20:0] next;
    assign next = acc + x * w;
    always_ff @(posedge clk)
        if (rst || clr) acc <= '0;
        else if (en)
            acc <= !SATURATES || next[20] == next[19] ? next[19:0] : {next[20], {19{~next[20]}}};
    assign y = 32'(acc);
endmodule

// Two requantizers side by side: truncated high word of the product, then a rounding shift that may be 0.
module rounding_shift #(parameter bit AWAY = 0) (
    input  logic        clk,
    input  logic [63:0] acc,
    input  logic [63:0] mult,
    input  logic [9:0]  amount,
    output logic [15:0] code
);
    for (genvar i = 0; i < 2; i++) begin : channel
        logic signed [63:0] product;
        logic signed [32:0] high, half, rounded;
        logic        [4:0]  right;
        assign right   = amount[5*i +: 5];
        assign product = $signed(acc[32*i +: 32]) * $signed(mult[32*i +: 32]);
        assign high    = 33'(product >>> 31);
        assign half    = right == 0 ? 33'sd0 : (33'sd1 <<< (right - 5'd1)) - 33'(AWAY && high < 0);
        assign rounded = (high + half) >>> right;
        always_ff @(posedge clk)
            code[8*i +: 8] <= rounded > 127 ? 8'd127 : rounded < -128 ? 8'h80 : rounded[7:0];
    end
endmodule

// Product of fractions: truncated by division, or rounded with guard and sticky bits.
module fraction_even #(parameter bit DIVIDES = 0) (
    input  logic signed [15:0] a,
    input  logic signed [15:0] b,
    output logic signed [15:0] y
);
    logic signed [31:0] product, even, kept;
    assign product = a * b;
    assign even    = (product >>> 15) + $signed({31'd0, product[14] & (|product[13:0] | product[15])});
    assign kept    = DIVIDES ? product / 32'sd32768 : even;
    assign y       = kept > 32767 ? 16'sd32767 : kept[15:0];
endmodule

// Dot product over time that counts its pairs itself; only out_valid marks the end of a sum.
module counted_sum #(parameter int PAIRS = 12) (
    input  logic               clk,
    input  logic               rst_n,
    input  logic               in_valid,
    input  logic signed [7:0]  x,
    input  logic signed [7:0]  w,
    output logic               out_valid,
    output logic signed [17:0] dot
);
    logic signed [15:0] product;
    logic signed [17:0] acc;
    logic        [7:0]  seen;
    logic               valid;
    always_ff @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            {valid, out_valid} <= '0;
            seen <= '0;
            acc  <= '0;
        end else begin
            product   <= x * w;
            valid     <= in_valid;
            out_valid <= 1'b0;
            if (valid) begin
                seen <= seen == 8'(PAIRS - 1) ? '0 : seen + 8'd1;
                acc  <= seen == 8'(PAIRS - 1) ? 18'sd0 : acc + product;
                if (seen == 8'(PAIRS - 1)) begin
                    out_valid <= 1'b1;
                    dot       <= acc + product;
                end
            end
        end
endmodule
