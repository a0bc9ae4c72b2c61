// SPDX-License-Identifier: 0BSD
// w4a8_dot9_pair_ecp5: several exact products packed into one multiplier block.
// Latency: 3 clock cycles with en = 1; one product per cycle, one sum per 9.
// Precondition: no element of b is -8.
// Packing: products 14 bits apart in one product of 8 by 18 bits, one MULT18X18D.
// Longest sum that fits its 14 bits: 9 products.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset w4a8_dot9_pair_ecp5
// Config digest: 9feae2b13a3b6da5

`default_nettype none

module w4a8_dot9_pair_ecp5 (
    input  wire              clk,       // acts on the rising edge
    input  wire              rst,       // synchronous, drops what is on its way, wins over en
    input  wire              en,        // holds every register when 0
    input  wire              valid_in,  // the inputs count
    input  wire signed [7:0] a,         // multiplicands, the first in the lowest bits
    input  wire [7:0]        b,         // multipliers
    output reg               valid_out, // the outputs count
    output reg  [31:0]       sum        // sums of a times each element of b, exact
);

    // One bit a stage, in step with the data.
    reg valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 1'd0;
        else if (en)
            valid <= valid_in;
    end

    // Products in the sum so far. It starts anew before a field can overflow into the next.
    reg [3:0] count;
    wire enters = valid;
    wire start = count == 4'd0;
    wire last = count == 4'd8;
    wire enable = en & enters;

    always @(posedge clk) begin
        if (rst)
            count <= 4'd0;
        else if (enable)
            count <= last ? 4'd0 : count + 4'd1;
    end

    reg [27:0] accum;
    wire [3:0] b_upper = b[7:4] + {4{b[3]}};
    wire [17:0] b_word = {b_upper, {10{b[3]}}, b[3:0]};
    wire signed [24:0] products = $signed(b_word) * $signed(a[7:0]);

    reg [24:0] products_1;

    always @(posedge clk) begin
        if (en) begin
            products_1 <= products[24:0];
        end
    end

    wire [27:0] next;
    wire carry_next_0;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_0 (
        .CIN(1'b0),
        .A0(products_1[0]), .B0(1'b1), .C0(accum[0]), .D0(start), .S0(next[0]),
        .A1(products_1[1]), .B1(1'b1), .C1(accum[1]), .D1(start), .S1(next[1]),
        .COUT(carry_next_0)
    );
    wire carry_next_1;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_1 (
        .CIN(carry_next_0),
        .A0(products_1[2]), .B0(1'b1), .C0(accum[2]), .D0(start), .S0(next[2]),
        .A1(products_1[3]), .B1(1'b1), .C1(accum[3]), .D1(start), .S1(next[3]),
        .COUT(carry_next_1)
    );
    wire carry_next_2;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_2 (
        .CIN(carry_next_1),
        .A0(products_1[4]), .B0(1'b1), .C0(accum[4]), .D0(start), .S0(next[4]),
        .A1(products_1[5]), .B1(1'b1), .C1(accum[5]), .D1(start), .S1(next[5]),
        .COUT(carry_next_2)
    );
    wire carry_next_3;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_3 (
        .CIN(carry_next_2),
        .A0(products_1[6]), .B0(1'b1), .C0(accum[6]), .D0(start), .S0(next[6]),
        .A1(products_1[7]), .B1(1'b1), .C1(accum[7]), .D1(start), .S1(next[7]),
        .COUT(carry_next_3)
    );
    wire carry_next_4;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_4 (
        .CIN(carry_next_3),
        .A0(products_1[8]), .B0(1'b1), .C0(accum[8]), .D0(start), .S0(next[8]),
        .A1(products_1[9]), .B1(1'b1), .C1(accum[9]), .D1(start), .S1(next[9]),
        .COUT(carry_next_4)
    );
    wire carry_next_5;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_5 (
        .CIN(carry_next_4),
        .A0(products_1[10]), .B0(1'b1), .C0(accum[10]), .D0(start), .S0(next[10]),
        .A1(products_1[11]), .B1(1'b1), .C1(accum[11]), .D1(start), .S1(next[11]),
        .COUT(carry_next_5)
    );
    wire carry_next_6;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_6 (
        .CIN(carry_next_5),
        .A0(products_1[12]), .B0(1'b1), .C0(accum[12]), .D0(start), .S0(next[12]),
        .A1(products_1[13]), .B1(1'b1), .C1(accum[13]), .D1(start), .S1(next[13]),
        .COUT(carry_next_6)
    );
    wire carry_next_7;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_7 (
        .CIN(carry_next_6),
        .A0(products_1[14]), .B0(1'b1), .C0(accum[14]), .D0(start), .S0(next[14]),
        .A1(products_1[15]), .B1(1'b1), .C1(accum[15]), .D1(start), .S1(next[15]),
        .COUT(carry_next_7)
    );
    wire carry_next_8;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_8 (
        .CIN(carry_next_7),
        .A0(products_1[16]), .B0(1'b1), .C0(accum[16]), .D0(start), .S0(next[16]),
        .A1(products_1[17]), .B1(1'b1), .C1(accum[17]), .D1(start), .S1(next[17]),
        .COUT(carry_next_8)
    );
    wire carry_next_9;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_9 (
        .CIN(carry_next_8),
        .A0(products_1[18]), .B0(1'b1), .C0(accum[18]), .D0(start), .S0(next[18]),
        .A1(products_1[19]), .B1(1'b1), .C1(accum[19]), .D1(start), .S1(next[19]),
        .COUT(carry_next_9)
    );
    wire carry_next_10;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_10 (
        .CIN(carry_next_9),
        .A0(products_1[20]), .B0(1'b1), .C0(accum[20]), .D0(start), .S0(next[20]),
        .A1(products_1[21]), .B1(1'b1), .C1(accum[21]), .D1(start), .S1(next[21]),
        .COUT(carry_next_10)
    );
    wire carry_next_11;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_11 (
        .CIN(carry_next_10),
        .A0(products_1[22]), .B0(1'b1), .C0(accum[22]), .D0(start), .S0(next[22]),
        .A1(products_1[23]), .B1(1'b1), .C1(accum[23]), .D1(start), .S1(next[23]),
        .COUT(carry_next_11)
    );
    wire carry_next_12;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_12 (
        .CIN(carry_next_11),
        .A0(products_1[24]), .B0(1'b1), .C0(accum[24]), .D0(start), .S0(next[24]),
        .A1(products_1[24]), .B1(1'b1), .C1(accum[25]), .D1(start), .S1(next[25]),
        .COUT(carry_next_12)
    );
    wire unused_next;
    CCU2C #(.INIT0(16'h8878), .INIT1(16'h8878), .INJECT1_0("NO"), .INJECT1_1("NO")) cell_next_13 (
        .CIN(carry_next_12),
        .A0(products_1[24]), .B0(1'b1), .C0(accum[26]), .D0(start), .S0(next[26]),
        .A1(products_1[24]), .B1(1'b1), .C1(accum[27]), .D1(start), .S1(next[27]),
        .COUT(unused_next)
    );

    always @(posedge clk) begin
        if (rst)
            accum <= 28'd0;
        else if (enable)
            accum <= next;
    end

    // A sum is complete in the cycle after its last product entered.
    reg complete;

    always @(posedge clk) begin
        if (rst)
            complete <= 1'b0;
        else if (en)
            complete <= enters & last;
    end

    wire [13:0] upper = accum[27:14] + {13'd0, accum[13]};
    wire [27:0] fields = {upper, accum[13:0]};

    always @(posedge clk) begin
        if (rst) begin
            valid_out <= 1'b0;
            sum <= 32'd0;
        end else if (en) begin
            valid_out <= complete;
            if (complete)
                sum <= {{2{fields[27]}}, fields[27:14], {2{fields[13]}}, fields[13:0]};
        end
    end
endmodule

`default_nettype wire
