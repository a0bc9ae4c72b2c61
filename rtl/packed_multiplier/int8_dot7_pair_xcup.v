// SPDX-License-Identifier: 0BSD
// int8_dot7_pair_xcup: several exact products packed into one multiplier block.
// Latency: 4 clock cycles with en = 1; one product per cycle, one sum per 7.
// Packing: products 18 bits apart in one product of 27 by 8 bits, one DSP48E2.
// Longest sum that fits its 18 bits: 7 products.
//
// Made by qrtl 0.1.0 with: qrtl generate packed_multiplier --preset int8_dot7_pair_xcup
// Config digest: 18836ec69eb8516f

`default_nettype none

module int8_dot7_pair_xcup (
    input  wire              clk,       // acts on the rising edge
    input  wire              rst,       // synchronous, drops what is on its way, wins over en
    input  wire              en,        // holds every register when 0
    input  wire              valid_in,  // the inputs count
    input  wire [15:0]       a,         // multiplicands, the first in the lowest bits
    input  wire signed [7:0] b,         // multipliers
    output reg               valid_out, // the outputs count
    output reg  [37:0]       sum        // sums of each element of a times b, exact
);

    // One bit a stage, in step with the data.
    reg [1:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 2'd0;
        else if (en)
            valid <= {valid[0], valid_in};
    end

    // Products in the sum so far. It starts anew before a field can overflow into the next.
    reg [2:0] count;
    wire enters = valid[1];
    wire start = count == 3'd0;
    wire last = count == 3'd6;
    wire enable = en & enters;

    always @(posedge clk) begin
        if (rst)
            count <= 3'd0;
        else if (enable)
            count <= last ? 3'd0 : count + 3'd1;
    end

    wire [26:0] a_high = {a[15], a[15:8], 18'd0};
    wire [26:0] a_low = {{19{a[7]}}, a[7:0]};
    wire [35:0] fields;
    wire [11:0] unused;

    DSP48E2 #(
        .AMULTSEL("AD"),
        .AREG(1), .ACASCREG(1), .DREG(1),
        .BREG(1), .BCASCREG(1),
        .ADREG(0),
        .MREG(1),
        .PREG(1),
        .CREG(0), .INMODEREG(0), .OPMODEREG(0), .ALUMODEREG(0), .CARRYINREG(0), .CARRYINSELREG(0)
    ) block (
        .CLK(clk),
        .A({{3{a_high[26]}}, a_high}), .ACIN(30'd0),
        .D(a_low),
        .B({{10{b[7]}}, b}), .BCIN(18'd0),
        .C(48'h000000020000), .P({unused, fields}),
        .PCIN(48'd0), .CARRYCASCIN(1'b0), .MULTSIGNIN(1'b0),
        .INMODE(5'b00100), .OPMODE({4'b0001, start, 4'b0101}), .ALUMODE(4'b0000),
        .CARRYIN(1'b0), .CARRYINSEL(3'b000),
        .CEA1(1'b0), .CEA2(en),
        .CEB1(1'b0), .CEB2(en),
        .CED(en), .CEAD(1'b0),
        .CEM(en),
        .CEP(enable),
        .CEC(1'b0), .CEALUMODE(1'b0), .CECARRYIN(1'b0), .CECTRL(1'b0), .CEINMODE(1'b0),
        .RSTA(1'b0), .RSTB(1'b0), .RSTC(1'b0), .RSTD(1'b0), .RSTM(1'b0), .RSTP(1'b0),
        .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0), .RSTCTRL(1'b0), .RSTINMODE(1'b0)
    );

    // A sum is complete in the cycle after its last product entered.
    reg complete;

    always @(posedge clk) begin
        if (rst)
            complete <= 1'b0;
        else if (en)
            complete <= enters & last;
    end

    always @(posedge clk) begin
        if (rst) begin
            valid_out <= 1'b0;
            sum <= 38'd0;
        end else if (en) begin
            valid_out <= complete;
            if (complete)
                sum <= {fields[35], fields[35:18], {2{~fields[17]}}, fields[16:0]};
        end
    end
endmodule

`default_nettype wire
