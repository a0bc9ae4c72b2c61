// SPDX-License-Identifier: 0BSD
// mx_dot32_mxfp4: exact dot product of two MX blocks, rounded once to binary32.
// Latency: 7 clock cycles with en = 1; one result per cycle.
// The exact sum is rounded once: to nearest, ties to even.
// A sum that is no number is 7fc00000.
//
// Made by qrtl 0.1.0 with: qrtl generate mx_dot --preset mx_dot32_mxfp4
// Config digest: 7dd74559fa30259c

`default_nettype none

module mx_dot32_mxfp4 (
    input  wire         clk,       // acts on the rising edge
    input  wire         rst,       // synchronous, drops what is on its way, wins over en
    input  wire         en,        // holds every register when 0
    input  wire         valid_in,  // the inputs count
    input  wire [127:0] a,         // multiplicands, the first in the lowest bits
    input  wire [127:0] b,         // multipliers
    input  wire [7:0]   a_scale,   // scale of a
    input  wire [7:0]   b_scale,   // scale of b
    output wire         valid_out, // the outputs count
    output reg  [31:0]  sum        // sum of the products
);

    // One bit a stage, in step with the data.
    reg [6:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 7'd0;
        else if (en)
            valid <= {valid[5:0], valid_in};
    end

    assign valid_out = valid[6];

    wire [287:0] terms;

    genvar i;
    generate
        for (i = 0; i < 32; i = i + 1) begin : gen_products
            wire [3:0] x = a[4*i +: 4];
            wire [3:0] y = b[4*i +: 4];
            // A subnormal has no hidden bit, and the exponent of the least normal number.
            wire x_normal = |x[2:1];
            wire y_normal = |y[2:1];
            wire [1:0] x_exponent = x_normal ? x[2:1] : 2'd1;
            wire [1:0] y_exponent = y_normal ? y[2:1] : 2'd1;
            wire [1:0] x_significand = {x_normal, x[0]};
            wire [1:0] y_significand = {y_normal, y[0]};
            wire [3:0] significand = {2'd0, x_significand} * {2'd0, y_significand};
            wire [2:0] distance = {1'b0, x_exponent} + {1'b0, y_exponent} - 3'd2;
            wire negative = x[3] ^ y[3];

            reg negative_1;
            reg [2:0] distance_1;
            reg [3:0] significand_1;

            always @(posedge clk) begin
                if (en) begin
                    negative_1    <= negative;
                    distance_1    <= distance;
                    significand_1 <= significand;
                end
            end

            // A fixed-point number: distance 0 is that of two least normal numbers.
            wire [8:0] aligned = {5'd0, significand_1} << distance_1;
            reg [8:0] term;

            always @(posedge clk) begin
                if (en)
                    term <= negative_1 ? -aligned : aligned;
            end

            assign terms[9*i +: 9] = $unsigned(term);
        end
    endgenerate

    wire [8:0] scales = {1'b0, a_scale} + {1'b0, b_scale};
    wire no_scale = &a_scale | &b_scale;
    wire is_nan = no_scale;

    reg [44:0] scale_line;
    reg [5:0] nan_line;

    always @(posedge clk) begin
        if (en) begin
            scale_line <= {scale_line[35:0], scales};
            nan_line <= {nan_line[4:0], is_nan};
        end
    end

    (* keep *) wire [9:0] tree_1_0;
    assign tree_1_0 = {terms[8], terms[8:0]} + {terms[17], terms[17:9]};
    (* keep *) wire [9:0] tree_1_1;
    assign tree_1_1 = {terms[26], terms[26:18]} + {terms[35], terms[35:27]};
    (* keep *) wire [9:0] tree_1_2;
    assign tree_1_2 = {terms[44], terms[44:36]} + {terms[53], terms[53:45]};
    (* keep *) wire [9:0] tree_1_3;
    assign tree_1_3 = {terms[62], terms[62:54]} + {terms[71], terms[71:63]};
    (* keep *) wire [9:0] tree_1_4;
    assign tree_1_4 = {terms[80], terms[80:72]} + {terms[89], terms[89:81]};
    (* keep *) wire [9:0] tree_1_5;
    assign tree_1_5 = {terms[98], terms[98:90]} + {terms[107], terms[107:99]};
    (* keep *) wire [9:0] tree_1_6;
    assign tree_1_6 = {terms[116], terms[116:108]} + {terms[125], terms[125:117]};
    (* keep *) wire [9:0] tree_1_7;
    assign tree_1_7 = {terms[134], terms[134:126]} + {terms[143], terms[143:135]};
    (* keep *) wire [9:0] tree_1_8;
    assign tree_1_8 = {terms[152], terms[152:144]} + {terms[161], terms[161:153]};
    (* keep *) wire [9:0] tree_1_9;
    assign tree_1_9 = {terms[170], terms[170:162]} + {terms[179], terms[179:171]};
    (* keep *) wire [9:0] tree_1_10;
    assign tree_1_10 = {terms[188], terms[188:180]} + {terms[197], terms[197:189]};
    (* keep *) wire [9:0] tree_1_11;
    assign tree_1_11 = {terms[206], terms[206:198]} + {terms[215], terms[215:207]};
    (* keep *) wire [9:0] tree_1_12;
    assign tree_1_12 = {terms[224], terms[224:216]} + {terms[233], terms[233:225]};
    (* keep *) wire [9:0] tree_1_13;
    assign tree_1_13 = {terms[242], terms[242:234]} + {terms[251], terms[251:243]};
    (* keep *) wire [9:0] tree_1_14;
    assign tree_1_14 = {terms[260], terms[260:252]} + {terms[269], terms[269:261]};
    (* keep *) wire [9:0] tree_1_15;
    assign tree_1_15 = {terms[278], terms[278:270]} + {terms[287], terms[287:279]};
    (* keep *) wire [10:0] tree_2_0;
    assign tree_2_0 = {tree_1_0[9], tree_1_0} + {tree_1_1[9], tree_1_1};
    (* keep *) wire [10:0] tree_2_1;
    assign tree_2_1 = {tree_1_2[9], tree_1_2} + {tree_1_3[9], tree_1_3};
    (* keep *) wire [10:0] tree_2_2;
    assign tree_2_2 = {tree_1_4[9], tree_1_4} + {tree_1_5[9], tree_1_5};
    (* keep *) wire [10:0] tree_2_3;
    assign tree_2_3 = {tree_1_6[9], tree_1_6} + {tree_1_7[9], tree_1_7};
    (* keep *) wire [10:0] tree_2_4;
    assign tree_2_4 = {tree_1_8[9], tree_1_8} + {tree_1_9[9], tree_1_9};
    (* keep *) wire [10:0] tree_2_5;
    assign tree_2_5 = {tree_1_10[9], tree_1_10} + {tree_1_11[9], tree_1_11};
    (* keep *) wire [10:0] tree_2_6;
    assign tree_2_6 = {tree_1_12[9], tree_1_12} + {tree_1_13[9], tree_1_13};
    (* keep *) wire [10:0] tree_2_7;
    assign tree_2_7 = {tree_1_14[9], tree_1_14} + {tree_1_15[9], tree_1_15};
    (* keep *) wire [11:0] tree_3_0;
    assign tree_3_0 = {tree_2_0[10], tree_2_0} + {tree_2_1[10], tree_2_1};
    (* keep *) wire [11:0] tree_3_1;
    assign tree_3_1 = {tree_2_2[10], tree_2_2} + {tree_2_3[10], tree_2_3};
    (* keep *) wire [11:0] tree_3_2;
    assign tree_3_2 = {tree_2_4[10], tree_2_4} + {tree_2_5[10], tree_2_5};
    (* keep *) wire [11:0] tree_3_3;
    assign tree_3_3 = {tree_2_6[10], tree_2_6} + {tree_2_7[10], tree_2_7};
    (* keep *) wire [12:0] tree_4_0;
    assign tree_4_0 = {tree_3_0[11], tree_3_0} + {tree_3_1[11], tree_3_1};
    (* keep *) wire [12:0] tree_4_1;
    assign tree_4_1 = {tree_3_2[11], tree_3_2} + {tree_3_3[11], tree_3_3};
    (* keep *) wire [13:0] tree_5_0;
    assign tree_5_0 = {tree_4_0[12], tree_4_0} + {tree_4_1[12], tree_4_1};
    wire [13:0] total = tree_5_0;

    reg [13:0] total_1;

    always @(posedge clk) begin
        if (en) begin
            total_1 <= total;
        end
    end

    wire [12:0] magnitude = total_1[13] ? -total_1[12:0] : total_1[12:0];

    reg [2:0] negative_line;

    always @(posedge clk) begin
        if (en) begin
            negative_line <= {negative_line[1:0], total_1[13]};
        end
    end

    reg [12:0] magnitude_2;

    always @(posedge clk) begin
        if (en) begin
            magnitude_2 <= magnitude;
        end
    end

    // The leading one moves to the top, by powers of two.
    wire [25:0] padded = {magnitude_2, 13'd0};
    wire shift_1 = ~|padded[25:18];
    wire [25:0] normal_1 = shift_1 ? {padded[17:0], 8'd0} : padded;
    wire shift_2 = ~|normal_1[25:22];
    wire [25:0] normal_2 = shift_2 ? {normal_1[21:0], 4'd0} : normal_1;
    wire shift_3 = ~|normal_2[25:24];
    wire [25:0] normal_3 = shift_3 ? {normal_2[23:0], 2'd0} : normal_2;
    wire shift_4 = ~normal_3[25];
    wire [24:0] normal_4 = shift_4 ? normal_3[24:0] : normal_3[25:1];
    wire sticky_4 = ~shift_4 & normal_3[0];

    reg [24:0] normal_4_3;
    reg sticky_4_3;
    reg shift_1_3;
    reg shift_2_3;
    reg shift_3_3;
    reg shift_4_3;

    always @(posedge clk) begin
        if (en) begin
            normal_4_3 <= normal_4;
            sticky_4_3 <= sticky_4;
            shift_1_3 <= shift_1;
            shift_2_3 <= shift_2;
            shift_3_3 <= shift_3;
            shift_4_3 <= shift_4;
        end
    end

    wire [10:0] exponent_sum = {2'd0, scale_line[44:36]} + 11'd1931 -
        {7'd0, shift_1_3, shift_2_3, shift_3_3, shift_4_3};

    // A number below the least normal one loses bits; beyond 31 places, all of them.
    wire [10:0] gap = 11'd1 - exponent_sum;
    wire [4:0] right_shift = gap[10] ? 5'd0 : |gap[9:5] ? 5'd31 : gap[4:0];
    wire [49:0] denormal = {normal_4_3, 25'd0} >> right_shift;
    wire [24:0] kept_significand = denormal[49:25];
    wire is_inexact = sticky_4_3 | |denormal[24:0];
    wire [8:0] exponent_field = exponent_sum[8:0];

    reg [24:0] kept_significand_4;
    reg is_inexact_4;
    reg [8:0] exponent_field_4;

    always @(posedge clk) begin
        if (en) begin
            kept_significand_4 <= kept_significand;
            is_inexact_4 <= is_inexact;
            exponent_field_4 <= exponent_field;
        end
    end

    // To nearest, ties to even. A number without hidden bit is subnormal or 0, and exact. A carry
    // out of the fraction increments the exponent.
    wire [8:0] exponent = exponent_field_4;
    wire is_beyond = kept_significand_4[24] & (exponent[8] | &exponent[7:0]);
    wire [7:0] field = kept_significand_4[24] ? exponent[7:0] : 8'd0;
    wire [22:0] fraction = kept_significand_4[23:1];
    wire round_up = kept_significand_4[0] & (kept_significand_4[1] | is_inexact_4);
    wire [30:0] rounded = {field, fraction} + {30'd0, round_up};

    wire is_special = nan_line[5] | is_beyond;

    always @(posedge clk) begin
        if (en)
            sum <= {negative_line[2] & ~nan_line[5], is_special ? {8'hff, nan_line[5], 22'd0} :
                rounded};
    end
endmodule

`default_nettype wire
