// Pipelines and state machines whose timing has to be measured.

// Floor of a product plus a zero point; SKEW delays acc and k by one register more than shift and z.
module skewed #(parameter bit SKEW = 1) (
    input  logic               clk,
    input  logic               rst,
    input  logic               valid_in,
    input  logic signed [19:0] acc,
    input  logic signed [7:0]  k,
    input  logic        [3:0]  shift,
    input  logic signed [19:0] z,
    output logic signed [19:0] out,
    output logic               valid_out
);
    logic signed [27:0] p, q;
    logic [3:0] s1, s2;
    logic signed [19:0] z1, z2;
    logic v1;
    always_ff @(posedge clk)
        if (rst) {v1, valid_out} <= '0;
        else begin
            p <= acc * k;
            q <= p;
            {s2, s1} <= {s1, shift};
            {z2, z1} <= {z1, z};
            {valid_out, v1} <= {v1, valid_in};
            out <= 20'((q >>> (SKEW ? s1 : s2)) + 28'(SKEW ? z1 : z2));
        end
endmodule

// Half up in two stages that are stalled only if they are full.
module elastic (
    input  logic               clk,
    input  logic               rst_n,
    input  logic               valid,
    input  logic               ready,
    input  logic signed [15:0] acc,
    output logic signed [7:0]  out,
    output logic               valid_out
);
    logic signed [15:0] x;
    logic signed [16:0] r;
    logic full, move1, move2;
    assign move2 = !valid_out || ready;
    assign move1 = !full || move2;
    assign r = (17'(x) + 17'sd32) >>> 6;
    always_ff @(posedge clk)
        if (!rst_n) {full, valid_out} <= '0;
        else begin
            if (move1) begin
                full <= valid;
                if (valid) x <= acc;
            end
            if (move2) begin
                valid_out <= full;
                if (full) out <= r > 127 ? 8'sd127 : r < -128 ? -8'sd128 : r[7:0];
            end
        end
endmodule

// Signed by unsigned product; which half leaves depends on whether valid is held until done.
module held_valid (
    input  logic               clk,
    input  logic               rst_n,
    input  logic               valid,
    input  logic signed [13:0] a,
    input  logic        [13:0] b,
    output logic        [13:0] p,
    output logic               done
);
    logic running, upper;
    logic signed [28:0] product;
    always_ff @(posedge clk)
        if (!rst_n) {running, done} <= '0;
        else begin
            running <= valid && !running && !done;
            if (valid && !running && !done) product <= a * $signed({1'b0, b});
            done  <= running;
            upper <= valid;
        end
    assign p = upper ? product[27:14] : product[13:0];
endmodule

// Serial product: a low level of load_n takes the operands, and the result follows its rise.
module loaded (
    input  logic              clk,
    input  logic              load_n,
    input  logic signed [3:0] a,
    input  logic signed [3:0] b,
    output logic signed [7:0] p
);
    logic [2:0] n;
    logic [3:0] y;
    logic signed [7:0] x, sum;
    always_ff @(posedge clk)
        if (!load_n) begin
            {n, sum} <= '0;
            x <= 8'(a);
            y <= b;
        end else if (n == 4) p <= sum;
        else begin
            n <= n + 3'd1;
            x <= x <<< 1;
            y <= y >> 1;
            if (y[0]) sum <= n == 3 ? sum - x : sum + x;
        end
endmodule

// Product plus addend with a weight register before the factor b; IDLE clears the output without valid.
module weight_first #(parameter bit IDLE = 0) (
    input  logic               clk,
    input  logic               rst,
    input  logic               valid,
    input  logic signed [7:0]  a,
    input  logic signed [7:0]  b,
    input  logic signed [23:0] c,
    output logic signed [23:0] out,
    output logic               valid_out
);
    logic signed [7:0] weight;
    always_ff @(posedge clk)
        if (rst) {weight, out, valid_out} <= '0;
        else begin
            weight    <= b;
            valid_out <= valid;
            if (valid) out <= c + a * weight;
            else if (IDLE) out <= '0;
        end
endmodule

// Mac that takes a pair every four cycles, in the cycle after valid.
module slow_mac (
    input  logic               clk,
    input  logic               rst,
    input  logic               valid,
    input  logic signed [7:0]  a,
    input  logic signed [7:0]  b,
    output logic signed [19:0] sum,
    output logic               done
);
    logic [1:0] state;
    logic signed [7:0] x, y;
    assign done = state == 3;
    always_ff @(posedge clk)
        if (rst) {state, sum, x, y} <= '0;
        else
            case (state)
                0: if (valid) state <= 1;
                1: begin x <= a; y <= b; state <= 2; end
                2: begin sum <= sum + x * y; state <= 3; end
                3: state <= 0;
            endcase
endmodule

// Mac whose sum is cleared a cycle after last, so that the next pair is lost.
module drops_pair (
    input  logic               clk,
    input  logic               rst_n,
    input  logic               last,
    input  logic signed [7:0]  a,
    input  logic signed [7:0]  b,
    output logic signed [19:0] sum,
    output logic               valid_out
);
    logic signed [15:0] product;
    logic last1, last2;
    always_ff @(posedge clk)
        if (!rst_n) {product, last1, last2, sum, valid_out} <= '0;
        else begin
            product <= a * b;
            {last2, last1} <= {last1, last};
            valid_out <= last1;
            sum <= last2 ? 20'sd0 : sum + product;
        end
endmodule
