// SPDX-License-Identifier: 0BSD
// subtract_engine: sum or difference of two streams of int8 codes.
// (T6) each code scaled by a table, s0 - s1, rescaled, clamped.
// One result a clock cycle; m_axis_tready goes to both s_axis_tready without a register.
//
// Made by qrtl 0.1.0 with: qrtl generate add_engine --preset subtract_engine
// Config digest: 0e06cecf19adcd2b

`default_nettype none

module subtract_engine (
    input  wire       clk,            // acts on the rising edge
    input  wire       rst,            // synchronous, drops all frames
    input  wire [7:0] s0_axis_tdata,  // code of the first tensor
    input  wire       s0_axis_tlast,  // the beat ends a frame
    input  wire       s0_axis_tvalid, // there is a beat
    output wire       s0_axis_tready, // a beat moves on an edge with both valid and ready
    input  wire [7:0] s1_axis_tdata,  // code of the second tensor
    input  wire       s1_axis_tvalid, // there is a beat
    output wire       s1_axis_tready, // a beat moves on an edge with both valid and ready
    output wire [7:0] m_axis_tdata,   // code of the result
    output wire       m_axis_tlast,   // the beat ends a frame
    output wire       m_axis_tvalid,  // there is a beat
    input  wire       m_axis_tready   // a beat moves on an edge with both valid and ready
);

    // Each code of s0 in the fixed point of the sum.
    reg [27:0] left_terms [0:255];

    initial begin
        left_terms[0] = 28'h0180000;
        left_terms[1] = 28'h0200000;
        left_terms[2] = 28'h0280000;
        left_terms[3] = 28'h0300000;
        left_terms[4] = 28'h0380000;
        left_terms[5] = 28'h0400000;
        left_terms[6] = 28'h0480000;
        left_terms[7] = 28'h0500000;
        left_terms[8] = 28'h0580000;
        left_terms[9] = 28'h0600000;
        left_terms[10] = 28'h0680000;
        left_terms[11] = 28'h0700000;
        left_terms[12] = 28'h0780000;
        left_terms[13] = 28'h0800000;
        left_terms[14] = 28'h0880000;
        left_terms[15] = 28'h0900000;
        left_terms[16] = 28'h0980000;
        left_terms[17] = 28'h0a00000;
        left_terms[18] = 28'h0a80000;
        left_terms[19] = 28'h0b00000;
        left_terms[20] = 28'h0b80000;
        left_terms[21] = 28'h0c00000;
        left_terms[22] = 28'h0c80000;
        left_terms[23] = 28'h0d00000;
        left_terms[24] = 28'h0d80000;
        left_terms[25] = 28'h0e00000;
        left_terms[26] = 28'h0e80000;
        left_terms[27] = 28'h0f00000;
        left_terms[28] = 28'h0f80000;
        left_terms[29] = 28'h1000000;
        left_terms[30] = 28'h1080000;
        left_terms[31] = 28'h1100000;
        left_terms[32] = 28'h1180000;
        left_terms[33] = 28'h1200000;
        left_terms[34] = 28'h1280000;
        left_terms[35] = 28'h1300000;
        left_terms[36] = 28'h1380000;
        left_terms[37] = 28'h1400000;
        left_terms[38] = 28'h1480000;
        left_terms[39] = 28'h1500000;
        left_terms[40] = 28'h1580000;
        left_terms[41] = 28'h1600000;
        left_terms[42] = 28'h1680000;
        left_terms[43] = 28'h1700000;
        left_terms[44] = 28'h1780000;
        left_terms[45] = 28'h1800000;
        left_terms[46] = 28'h1880000;
        left_terms[47] = 28'h1900000;
        left_terms[48] = 28'h1980000;
        left_terms[49] = 28'h1a00000;
        left_terms[50] = 28'h1a80000;
        left_terms[51] = 28'h1b00000;
        left_terms[52] = 28'h1b80000;
        left_terms[53] = 28'h1c00000;
        left_terms[54] = 28'h1c80000;
        left_terms[55] = 28'h1d00000;
        left_terms[56] = 28'h1d80000;
        left_terms[57] = 28'h1e00000;
        left_terms[58] = 28'h1e80000;
        left_terms[59] = 28'h1f00000;
        left_terms[60] = 28'h1f80000;
        left_terms[61] = 28'h2000000;
        left_terms[62] = 28'h2080000;
        left_terms[63] = 28'h2100000;
        left_terms[64] = 28'h2180000;
        left_terms[65] = 28'h2200000;
        left_terms[66] = 28'h2280000;
        left_terms[67] = 28'h2300000;
        left_terms[68] = 28'h2380000;
        left_terms[69] = 28'h2400000;
        left_terms[70] = 28'h2480000;
        left_terms[71] = 28'h2500000;
        left_terms[72] = 28'h2580000;
        left_terms[73] = 28'h2600000;
        left_terms[74] = 28'h2680000;
        left_terms[75] = 28'h2700000;
        left_terms[76] = 28'h2780000;
        left_terms[77] = 28'h2800000;
        left_terms[78] = 28'h2880000;
        left_terms[79] = 28'h2900000;
        left_terms[80] = 28'h2980000;
        left_terms[81] = 28'h2a00000;
        left_terms[82] = 28'h2a80000;
        left_terms[83] = 28'h2b00000;
        left_terms[84] = 28'h2b80000;
        left_terms[85] = 28'h2c00000;
        left_terms[86] = 28'h2c80000;
        left_terms[87] = 28'h2d00000;
        left_terms[88] = 28'h2d80000;
        left_terms[89] = 28'h2e00000;
        left_terms[90] = 28'h2e80000;
        left_terms[91] = 28'h2f00000;
        left_terms[92] = 28'h2f80000;
        left_terms[93] = 28'h3000000;
        left_terms[94] = 28'h3080000;
        left_terms[95] = 28'h3100000;
        left_terms[96] = 28'h3180000;
        left_terms[97] = 28'h3200000;
        left_terms[98] = 28'h3280000;
        left_terms[99] = 28'h3300000;
        left_terms[100] = 28'h3380000;
        left_terms[101] = 28'h3400000;
        left_terms[102] = 28'h3480000;
        left_terms[103] = 28'h3500000;
        left_terms[104] = 28'h3580000;
        left_terms[105] = 28'h3600000;
        left_terms[106] = 28'h3680000;
        left_terms[107] = 28'h3700000;
        left_terms[108] = 28'h3780000;
        left_terms[109] = 28'h3800000;
        left_terms[110] = 28'h3880000;
        left_terms[111] = 28'h3900000;
        left_terms[112] = 28'h3980000;
        left_terms[113] = 28'h3a00000;
        left_terms[114] = 28'h3a80000;
        left_terms[115] = 28'h3b00000;
        left_terms[116] = 28'h3b80000;
        left_terms[117] = 28'h3c00000;
        left_terms[118] = 28'h3c80000;
        left_terms[119] = 28'h3d00000;
        left_terms[120] = 28'h3d80000;
        left_terms[121] = 28'h3e00000;
        left_terms[122] = 28'h3e80000;
        left_terms[123] = 28'h3f00000;
        left_terms[124] = 28'h3f80000;
        left_terms[125] = 28'h4000000;
        left_terms[126] = 28'h4080000;
        left_terms[127] = 28'h4100000;
        left_terms[128] = 28'hc180000;
        left_terms[129] = 28'hc200000;
        left_terms[130] = 28'hc280000;
        left_terms[131] = 28'hc300000;
        left_terms[132] = 28'hc380000;
        left_terms[133] = 28'hc400000;
        left_terms[134] = 28'hc480000;
        left_terms[135] = 28'hc500000;
        left_terms[136] = 28'hc580000;
        left_terms[137] = 28'hc600000;
        left_terms[138] = 28'hc680000;
        left_terms[139] = 28'hc700000;
        left_terms[140] = 28'hc780000;
        left_terms[141] = 28'hc800000;
        left_terms[142] = 28'hc880000;
        left_terms[143] = 28'hc900000;
        left_terms[144] = 28'hc980000;
        left_terms[145] = 28'hca00000;
        left_terms[146] = 28'hca80000;
        left_terms[147] = 28'hcb00000;
        left_terms[148] = 28'hcb80000;
        left_terms[149] = 28'hcc00000;
        left_terms[150] = 28'hcc80000;
        left_terms[151] = 28'hcd00000;
        left_terms[152] = 28'hcd80000;
        left_terms[153] = 28'hce00000;
        left_terms[154] = 28'hce80000;
        left_terms[155] = 28'hcf00000;
        left_terms[156] = 28'hcf80000;
        left_terms[157] = 28'hd000000;
        left_terms[158] = 28'hd080000;
        left_terms[159] = 28'hd100000;
        left_terms[160] = 28'hd180000;
        left_terms[161] = 28'hd200000;
        left_terms[162] = 28'hd280000;
        left_terms[163] = 28'hd300000;
        left_terms[164] = 28'hd380000;
        left_terms[165] = 28'hd400000;
        left_terms[166] = 28'hd480000;
        left_terms[167] = 28'hd500000;
        left_terms[168] = 28'hd580000;
        left_terms[169] = 28'hd600000;
        left_terms[170] = 28'hd680000;
        left_terms[171] = 28'hd700000;
        left_terms[172] = 28'hd780000;
        left_terms[173] = 28'hd800000;
        left_terms[174] = 28'hd880000;
        left_terms[175] = 28'hd900000;
        left_terms[176] = 28'hd980000;
        left_terms[177] = 28'hda00000;
        left_terms[178] = 28'hda80000;
        left_terms[179] = 28'hdb00000;
        left_terms[180] = 28'hdb80000;
        left_terms[181] = 28'hdc00000;
        left_terms[182] = 28'hdc80000;
        left_terms[183] = 28'hdd00000;
        left_terms[184] = 28'hdd80000;
        left_terms[185] = 28'hde00000;
        left_terms[186] = 28'hde80000;
        left_terms[187] = 28'hdf00000;
        left_terms[188] = 28'hdf80000;
        left_terms[189] = 28'he000000;
        left_terms[190] = 28'he080000;
        left_terms[191] = 28'he100000;
        left_terms[192] = 28'he180000;
        left_terms[193] = 28'he200000;
        left_terms[194] = 28'he280000;
        left_terms[195] = 28'he300000;
        left_terms[196] = 28'he380000;
        left_terms[197] = 28'he400000;
        left_terms[198] = 28'he480000;
        left_terms[199] = 28'he500000;
        left_terms[200] = 28'he580000;
        left_terms[201] = 28'he600000;
        left_terms[202] = 28'he680000;
        left_terms[203] = 28'he700000;
        left_terms[204] = 28'he780000;
        left_terms[205] = 28'he800000;
        left_terms[206] = 28'he880000;
        left_terms[207] = 28'he900000;
        left_terms[208] = 28'he980000;
        left_terms[209] = 28'hea00000;
        left_terms[210] = 28'hea80000;
        left_terms[211] = 28'heb00000;
        left_terms[212] = 28'heb80000;
        left_terms[213] = 28'hec00000;
        left_terms[214] = 28'hec80000;
        left_terms[215] = 28'hed00000;
        left_terms[216] = 28'hed80000;
        left_terms[217] = 28'hee00000;
        left_terms[218] = 28'hee80000;
        left_terms[219] = 28'hef00000;
        left_terms[220] = 28'hef80000;
        left_terms[221] = 28'hf000000;
        left_terms[222] = 28'hf080000;
        left_terms[223] = 28'hf100000;
        left_terms[224] = 28'hf180000;
        left_terms[225] = 28'hf200000;
        left_terms[226] = 28'hf280000;
        left_terms[227] = 28'hf300000;
        left_terms[228] = 28'hf380000;
        left_terms[229] = 28'hf400000;
        left_terms[230] = 28'hf480000;
        left_terms[231] = 28'hf500000;
        left_terms[232] = 28'hf580000;
        left_terms[233] = 28'hf600000;
        left_terms[234] = 28'hf680000;
        left_terms[235] = 28'hf700000;
        left_terms[236] = 28'hf780000;
        left_terms[237] = 28'hf800000;
        left_terms[238] = 28'hf880000;
        left_terms[239] = 28'hf900000;
        left_terms[240] = 28'hf980000;
        left_terms[241] = 28'hfa00000;
        left_terms[242] = 28'hfa80000;
        left_terms[243] = 28'hfb00000;
        left_terms[244] = 28'hfb80000;
        left_terms[245] = 28'hfc00000;
        left_terms[246] = 28'hfc80000;
        left_terms[247] = 28'hfd00000;
        left_terms[248] = 28'hfd80000;
        left_terms[249] = 28'hfe00000;
        left_terms[250] = 28'hfe80000;
        left_terms[251] = 28'hff00000;
        left_terms[252] = 28'hff80000;
        left_terms[253] = 28'h0000000;
        left_terms[254] = 28'h0080000;
        left_terms[255] = 28'h0100000;
    end

    // Each code of s1 in the fixed point of the sum.
    reg [27:0] right_terms [0:255];

    initial begin
        right_terms[0] = 28'hfcded62;
        right_terms[1] = 28'hfd0df6c;
        right_terms[2] = 28'hfd3d175;
        right_terms[3] = 28'hfd6c37e;
        right_terms[4] = 28'hfd9b587;
        right_terms[5] = 28'hfdca791;
        right_terms[6] = 28'hfdf999a;
        right_terms[7] = 28'hfe28ba3;
        right_terms[8] = 28'hfe57dac;
        right_terms[9] = 28'hfe86fb6;
        right_terms[10] = 28'hfeb61bf;
        right_terms[11] = 28'hfee53c8;
        right_terms[12] = 28'hff145d2;
        right_terms[13] = 28'hff437db;
        right_terms[14] = 28'hff729e4;
        right_terms[15] = 28'hffa1bed;
        right_terms[16] = 28'hffd0df7;
        right_terms[17] = 28'h0000000;
        right_terms[18] = 28'h002f209;
        right_terms[19] = 28'h005e413;
        right_terms[20] = 28'h008d61c;
        right_terms[21] = 28'h00bc825;
        right_terms[22] = 28'h00eba2e;
        right_terms[23] = 28'h011ac38;
        right_terms[24] = 28'h0149e41;
        right_terms[25] = 28'h017904a;
        right_terms[26] = 28'h01a8254;
        right_terms[27] = 28'h01d745d;
        right_terms[28] = 28'h0206666;
        right_terms[29] = 28'h023586f;
        right_terms[30] = 28'h0264a79;
        right_terms[31] = 28'h0293c82;
        right_terms[32] = 28'h02c2e8b;
        right_terms[33] = 28'h02f2094;
        right_terms[34] = 28'h032129e;
        right_terms[35] = 28'h03504a7;
        right_terms[36] = 28'h037f6b0;
        right_terms[37] = 28'h03ae8b9;
        right_terms[38] = 28'h03ddac3;
        right_terms[39] = 28'h040cccc;
        right_terms[40] = 28'h043bed5;
        right_terms[41] = 28'h046b0de;
        right_terms[42] = 28'h049a2e8;
        right_terms[43] = 28'h04c94f1;
        right_terms[44] = 28'h04f86fa;
        right_terms[45] = 28'h0527904;
        right_terms[46] = 28'h0556b0d;
        right_terms[47] = 28'h0585d16;
        right_terms[48] = 28'h05b4f1f;
        right_terms[49] = 28'h05e4129;
        right_terms[50] = 28'h0613332;
        right_terms[51] = 28'h064253b;
        right_terms[52] = 28'h0671744;
        right_terms[53] = 28'h06a094e;
        right_terms[54] = 28'h06cfb57;
        right_terms[55] = 28'h06fed60;
        right_terms[56] = 28'h072df69;
        right_terms[57] = 28'h075d173;
        right_terms[58] = 28'h078c37c;
        right_terms[59] = 28'h07bb585;
        right_terms[60] = 28'h07ea78f;
        right_terms[61] = 28'h0819998;
        right_terms[62] = 28'h0848ba1;
        right_terms[63] = 28'h0877daa;
        right_terms[64] = 28'h08a6fb4;
        right_terms[65] = 28'h08d61bd;
        right_terms[66] = 28'h09053c6;
        right_terms[67] = 28'h09345cf;
        right_terms[68] = 28'h09637d9;
        right_terms[69] = 28'h09929e2;
        right_terms[70] = 28'h09c1beb;
        right_terms[71] = 28'h09f0df4;
        right_terms[72] = 28'h0a1fffe;
        right_terms[73] = 28'h0a4f207;
        right_terms[74] = 28'h0a7e410;
        right_terms[75] = 28'h0aad61a;
        right_terms[76] = 28'h0adc823;
        right_terms[77] = 28'h0b0ba2c;
        right_terms[78] = 28'h0b3ac35;
        right_terms[79] = 28'h0b69e3f;
        right_terms[80] = 28'h0b99048;
        right_terms[81] = 28'h0bc8251;
        right_terms[82] = 28'h0bf745a;
        right_terms[83] = 28'h0c26664;
        right_terms[84] = 28'h0c5586d;
        right_terms[85] = 28'h0c84a76;
        right_terms[86] = 28'h0cb3c7f;
        right_terms[87] = 28'h0ce2e89;
        right_terms[88] = 28'h0d12092;
        right_terms[89] = 28'h0d4129b;
        right_terms[90] = 28'h0d704a4;
        right_terms[91] = 28'h0d9f6ae;
        right_terms[92] = 28'h0dce8b7;
        right_terms[93] = 28'h0dfdac0;
        right_terms[94] = 28'h0e2ccca;
        right_terms[95] = 28'h0e5bed3;
        right_terms[96] = 28'h0e8b0dc;
        right_terms[97] = 28'h0eba2e5;
        right_terms[98] = 28'h0ee94ef;
        right_terms[99] = 28'h0f186f8;
        right_terms[100] = 28'h0f47901;
        right_terms[101] = 28'h0f76b0a;
        right_terms[102] = 28'h0fa5d14;
        right_terms[103] = 28'h0fd4f1d;
        right_terms[104] = 28'h1004126;
        right_terms[105] = 28'h103332f;
        right_terms[106] = 28'h1062539;
        right_terms[107] = 28'h1091742;
        right_terms[108] = 28'h10c094b;
        right_terms[109] = 28'h10efb55;
        right_terms[110] = 28'h111ed5e;
        right_terms[111] = 28'h114df67;
        right_terms[112] = 28'h117d170;
        right_terms[113] = 28'h11ac37a;
        right_terms[114] = 28'h11db583;
        right_terms[115] = 28'h120a78c;
        right_terms[116] = 28'h1239995;
        right_terms[117] = 28'h1268b9f;
        right_terms[118] = 28'h1297da8;
        right_terms[119] = 28'h12c6fb1;
        right_terms[120] = 28'h12f61ba;
        right_terms[121] = 28'h13253c4;
        right_terms[122] = 28'h13545cd;
        right_terms[123] = 28'h13837d6;
        right_terms[124] = 28'h13b29e0;
        right_terms[125] = 28'h13e1be9;
        right_terms[126] = 28'h1410df2;
        right_terms[127] = 28'h143fffb;
        right_terms[128] = 28'he54e8c0;
        right_terms[129] = 28'he57daca;
        right_terms[130] = 28'he5accd3;
        right_terms[131] = 28'he5dbedc;
        right_terms[132] = 28'he60b0e5;
        right_terms[133] = 28'he63a2ef;
        right_terms[134] = 28'he6694f8;
        right_terms[135] = 28'he698701;
        right_terms[136] = 28'he6c790b;
        right_terms[137] = 28'he6f6b14;
        right_terms[138] = 28'he725d1d;
        right_terms[139] = 28'he754f26;
        right_terms[140] = 28'he784130;
        right_terms[141] = 28'he7b3339;
        right_terms[142] = 28'he7e2542;
        right_terms[143] = 28'he81174b;
        right_terms[144] = 28'he840955;
        right_terms[145] = 28'he86fb5e;
        right_terms[146] = 28'he89ed67;
        right_terms[147] = 28'he8cdf70;
        right_terms[148] = 28'he8fd17a;
        right_terms[149] = 28'he92c383;
        right_terms[150] = 28'he95b58c;
        right_terms[151] = 28'he98a796;
        right_terms[152] = 28'he9b999f;
        right_terms[153] = 28'he9e8ba8;
        right_terms[154] = 28'hea17db1;
        right_terms[155] = 28'hea46fbb;
        right_terms[156] = 28'hea761c4;
        right_terms[157] = 28'heaa53cd;
        right_terms[158] = 28'head45d6;
        right_terms[159] = 28'heb037e0;
        right_terms[160] = 28'heb329e9;
        right_terms[161] = 28'heb61bf2;
        right_terms[162] = 28'heb90dfb;
        right_terms[163] = 28'hebc0005;
        right_terms[164] = 28'hebef20e;
        right_terms[165] = 28'hec1e417;
        right_terms[166] = 28'hec4d620;
        right_terms[167] = 28'hec7c82a;
        right_terms[168] = 28'hecaba33;
        right_terms[169] = 28'hecdac3c;
        right_terms[170] = 28'hed09e46;
        right_terms[171] = 28'hed3904f;
        right_terms[172] = 28'hed68258;
        right_terms[173] = 28'hed97461;
        right_terms[174] = 28'hedc666b;
        right_terms[175] = 28'hedf5874;
        right_terms[176] = 28'hee24a7d;
        right_terms[177] = 28'hee53c86;
        right_terms[178] = 28'hee82e90;
        right_terms[179] = 28'heeb2099;
        right_terms[180] = 28'heee12a2;
        right_terms[181] = 28'hef104ab;
        right_terms[182] = 28'hef3f6b5;
        right_terms[183] = 28'hef6e8be;
        right_terms[184] = 28'hef9dac7;
        right_terms[185] = 28'hefcccd1;
        right_terms[186] = 28'heffbeda;
        right_terms[187] = 28'hf02b0e3;
        right_terms[188] = 28'hf05a2ec;
        right_terms[189] = 28'hf0894f6;
        right_terms[190] = 28'hf0b86ff;
        right_terms[191] = 28'hf0e7908;
        right_terms[192] = 28'hf116b11;
        right_terms[193] = 28'hf145d1b;
        right_terms[194] = 28'hf174f24;
        right_terms[195] = 28'hf1a412d;
        right_terms[196] = 28'hf1d3336;
        right_terms[197] = 28'hf202540;
        right_terms[198] = 28'hf231749;
        right_terms[199] = 28'hf260952;
        right_terms[200] = 28'hf28fb5c;
        right_terms[201] = 28'hf2bed65;
        right_terms[202] = 28'hf2edf6e;
        right_terms[203] = 28'hf31d177;
        right_terms[204] = 28'hf34c381;
        right_terms[205] = 28'hf37b58a;
        right_terms[206] = 28'hf3aa793;
        right_terms[207] = 28'hf3d999c;
        right_terms[208] = 28'hf408ba6;
        right_terms[209] = 28'hf437daf;
        right_terms[210] = 28'hf466fb8;
        right_terms[211] = 28'hf4961c1;
        right_terms[212] = 28'hf4c53cb;
        right_terms[213] = 28'hf4f45d4;
        right_terms[214] = 28'hf5237dd;
        right_terms[215] = 28'hf5529e6;
        right_terms[216] = 28'hf581bf0;
        right_terms[217] = 28'hf5b0df9;
        right_terms[218] = 28'hf5e0002;
        right_terms[219] = 28'hf60f20c;
        right_terms[220] = 28'hf63e415;
        right_terms[221] = 28'hf66d61e;
        right_terms[222] = 28'hf69c827;
        right_terms[223] = 28'hf6cba31;
        right_terms[224] = 28'hf6fac3a;
        right_terms[225] = 28'hf729e43;
        right_terms[226] = 28'hf75904c;
        right_terms[227] = 28'hf788256;
        right_terms[228] = 28'hf7b745f;
        right_terms[229] = 28'hf7e6668;
        right_terms[230] = 28'hf815871;
        right_terms[231] = 28'hf844a7b;
        right_terms[232] = 28'hf873c84;
        right_terms[233] = 28'hf8a2e8d;
        right_terms[234] = 28'hf8d2097;
        right_terms[235] = 28'hf9012a0;
        right_terms[236] = 28'hf9304a9;
        right_terms[237] = 28'hf95f6b2;
        right_terms[238] = 28'hf98e8bc;
        right_terms[239] = 28'hf9bdac5;
        right_terms[240] = 28'hf9eccce;
        right_terms[241] = 28'hfa1bed7;
        right_terms[242] = 28'hfa4b0e1;
        right_terms[243] = 28'hfa7a2ea;
        right_terms[244] = 28'hfaa94f3;
        right_terms[245] = 28'hfad86fc;
        right_terms[246] = 28'hfb07906;
        right_terms[247] = 28'hfb36b0f;
        right_terms[248] = 28'hfb65d18;
        right_terms[249] = 28'hfb94f22;
        right_terms[250] = 28'hfbc412b;
        right_terms[251] = 28'hfbf3334;
        right_terms[252] = 28'hfc2253d;
        right_terms[253] = 28'hfc51747;
        right_terms[254] = 28'hfc80950;
        right_terms[255] = 28'hfcafb59;
    end

    // A step takes a code of each stream, reads both tables, and adds; the requantizer follows.
    wire enable = !m_axis_tvalid || m_axis_tready;
    wire both   = s0_axis_tvalid && s1_axis_tvalid;

    assign s0_axis_tready = enable && s1_axis_tvalid;
    assign s1_axis_tready = enable && s0_axis_tvalid;

    reg read_valid, sum_valid;
    reg [27:0] left_term, right_term;
    reg [28:0] sum;

    always @(posedge clk) begin
        if (rst) begin
            read_valid <= 1'b0;
            sum_valid  <= 1'b0;
        end else if (enable) begin
            read_valid <= both;
            sum_valid  <= read_valid;
        end
    end

    always @(posedge clk)
        if (enable) begin
            left_term  <= left_terms[s0_axis_tdata];
            right_term <= right_terms[s1_axis_tdata];
            sum        <= {left_term[27], left_term} - {right_term[27], right_term};
        end

    // tlast, in step with the sums.
    reg [4:0] last;

    always @(posedge clk)
        if (enable)
            last <= {last[3:0], s0_axis_tlast};

    assign m_axis_tlast = last[4];

    wire signed [7:0] code;

    subtract_engine_requantizer requantizer (
        .clk      (clk),
        .rst      (rst),
        .en       (enable),
        .valid_in (sum_valid),
        .acc      (sum),
        .valid_out(m_axis_tvalid),
        .out      (code)
    );

    assign m_axis_tdata = code;
endmodule

// subtract_engine_requantizer: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 3 clock cycles with en = 1; one result per cycle.
// Architecture: adders. The 147 thresholds of the rule are those of floor((acc * 590560721 +
//     offset) / 2^49).

module subtract_engine_requantizer (
    input  wire               clk,       // acts on the rising edge
    input  wire               rst,       // synchronous, drops what is on its way, wins over en
    input  wire               en,        // holds every register when 0
    input  wire               valid_in,  // the inputs count
    input  wire signed [28:0] acc,       // accumulator
    output wire               valid_out, // the outputs count
    output reg  signed [7:0]  out        // output code
);

    // One bit a stage, in step with the data.
    reg [2:0] valid;

    always @(posedge clk) begin
        if (rst)
            valid <= 3'd0;
        else if (en)
            valid <= {valid[1:0], valid_in};
    end

    assign valid_out = valid[2];
    wire [28:0] window = acc[28:0];
    wire segment = acc[28];

    (* keep *) wire [32:0] sum_1;
    assign sum_1 = {{4{window[28]}}, window} + {window[28], window, 3'd0};

    (* keep *) wire [34:0] sum_2;
    assign sum_2 = {sum_1, 2'd0} - {{6{window[28]}}, window};

    (* keep *) wire [36:0] sum_3;
    assign sum_3 = {{8{window[28]}}, window} + {sum_2, 2'd0};

    (* keep *) wire [38:0] sum_4;
    assign sum_4 = {sum_3, 2'd0} - {{10{window[28]}}, window};

    reg [28:0] window_1;
    reg [38:0] sum_4_1;
    reg segment_1;

    always @(posedge clk) begin
        if (en) begin
            window_1 <= window;
            sum_4_1 <= sum_4;
            segment_1 <= segment;
        end
    end

    (* keep *) wire [40:0] sum_5;
    assign sum_5 = {{12{window_1[28]}}, window_1} + {sum_4_1, 2'd0};

    (* keep *) wire [42:0] sum_6;
    assign sum_6 = {sum_5, 2'd0} - {{14{window_1[28]}}, window_1};

    (* keep *) wire [44:3] sum_7;
    assign sum_7 = {{16{window_1[28]}}, window_1[28:3]} + sum_6[42:1];

    (* keep *) wire [49:9] sum_8;
    assign sum_8 = sum_7[44:4] - {{21{window_1[28]}}, window_1[28:9]};

    reg [28:13] window_2;
    reg [49:10] sum_8_2;
    reg segment_2;

    always @(posedge clk) begin
        if (en) begin
            window_2 <= window_1[28:13];
            sum_8_2 <= sum_8[49:10];
            segment_2 <= segment_1;
        end
    end

    (* keep *) wire [52:13] sum_9;
    assign sum_9 = sum_8_2 - {{24{window_2[28]}}, window_2};

    (* keep *) wire [54:16] sum_10;
    assign sum_10 = {{26{window_2[28]}}, window_2[28:16]} + sum_9[52:14];

    wire [58:21] line = sum_10[54:17] + {{1'b1, 1'b1, 1'b1, 1'b1, 1'b1, 1'b0, 1'b1, 1'b1, 1'b0,
        segment_2, ~segment_2, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0,
        1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, ~segment_2, segment_2}, window_2[27:21]};

    wire signed [9:0] level = $signed(line[58:49]);
    wire is_below = (level < -10'sd20);
    wire is_above = (level > 10'sd127);

    always @(posedge clk)
        if (en)
            out <= $signed(is_below ? 8'd236 : is_above ? 8'd127 : line[56:49]);

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line[48:21], sum_6[0], sum_7[3], sum_8[9], sum_9[13], sum_10[16]};
endmodule

`default_nettype wire
