// SPDX-License-Identifier: 0BSD
// add_engine: sum or difference of two streams of int8 codes.
// (T6) each code scaled by a table, s0 + s1, rescaled, clamped.
// One result a clock cycle; m_axis_tready goes to both s_axis_tready without a register.
//
// Made by qrtl 0.1.0 with: qrtl generate add_engine --preset add_engine
// Config digest: 86cff197a029ca12

`default_nettype none

module add_engine (
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
        left_terms[0] = 28'h0124d3d;
        left_terms[1] = 28'h01866fc;
        left_terms[2] = 28'h01e80bb;
        left_terms[3] = 28'h0249a7a;
        left_terms[4] = 28'h02ab439;
        left_terms[5] = 28'h030cdf8;
        left_terms[6] = 28'h036e7b7;
        left_terms[7] = 28'h03d0176;
        left_terms[8] = 28'h0431b35;
        left_terms[9] = 28'h04934f4;
        left_terms[10] = 28'h04f4eb3;
        left_terms[11] = 28'h0556872;
        left_terms[12] = 28'h05b8231;
        left_terms[13] = 28'h0619bef;
        left_terms[14] = 28'h067b5ae;
        left_terms[15] = 28'h06dcf6d;
        left_terms[16] = 28'h073e92c;
        left_terms[17] = 28'h07a02eb;
        left_terms[18] = 28'h0801caa;
        left_terms[19] = 28'h0863669;
        left_terms[20] = 28'h08c5028;
        left_terms[21] = 28'h09269e7;
        left_terms[22] = 28'h09883a6;
        left_terms[23] = 28'h09e9d65;
        left_terms[24] = 28'h0a4b724;
        left_terms[25] = 28'h0aad0e3;
        left_terms[26] = 28'h0b0eaa2;
        left_terms[27] = 28'h0b70461;
        left_terms[28] = 28'h0bd1e20;
        left_terms[29] = 28'h0c337df;
        left_terms[30] = 28'h0c9519e;
        left_terms[31] = 28'h0cf6b5d;
        left_terms[32] = 28'h0d5851c;
        left_terms[33] = 28'h0db9edb;
        left_terms[34] = 28'h0e1b899;
        left_terms[35] = 28'h0e7d258;
        left_terms[36] = 28'h0edec17;
        left_terms[37] = 28'h0f405d6;
        left_terms[38] = 28'h0fa1f95;
        left_terms[39] = 28'h1003954;
        left_terms[40] = 28'h1065313;
        left_terms[41] = 28'h10c6cd2;
        left_terms[42] = 28'h1128691;
        left_terms[43] = 28'h118a050;
        left_terms[44] = 28'h11eba0f;
        left_terms[45] = 28'h124d3ce;
        left_terms[46] = 28'h12aed8d;
        left_terms[47] = 28'h131074c;
        left_terms[48] = 28'h137210b;
        left_terms[49] = 28'h13d3aca;
        left_terms[50] = 28'h1435489;
        left_terms[51] = 28'h1496e48;
        left_terms[52] = 28'h14f8807;
        left_terms[53] = 28'h155a1c6;
        left_terms[54] = 28'h15bbb85;
        left_terms[55] = 28'h161d543;
        left_terms[56] = 28'h167ef02;
        left_terms[57] = 28'h16e08c1;
        left_terms[58] = 28'h1742280;
        left_terms[59] = 28'h17a3c3f;
        left_terms[60] = 28'h18055fe;
        left_terms[61] = 28'h1866fbd;
        left_terms[62] = 28'h18c897c;
        left_terms[63] = 28'h192a33b;
        left_terms[64] = 28'h198bcfa;
        left_terms[65] = 28'h19ed6b9;
        left_terms[66] = 28'h1a4f078;
        left_terms[67] = 28'h1ab0a37;
        left_terms[68] = 28'h1b123f6;
        left_terms[69] = 28'h1b73db5;
        left_terms[70] = 28'h1bd5774;
        left_terms[71] = 28'h1c37133;
        left_terms[72] = 28'h1c98af2;
        left_terms[73] = 28'h1cfa4b1;
        left_terms[74] = 28'h1d5be70;
        left_terms[75] = 28'h1dbd82f;
        left_terms[76] = 28'h1e1f1ed;
        left_terms[77] = 28'h1e80bac;
        left_terms[78] = 28'h1ee256b;
        left_terms[79] = 28'h1f43f2a;
        left_terms[80] = 28'h1fa58e9;
        left_terms[81] = 28'h20072a8;
        left_terms[82] = 28'h2068c67;
        left_terms[83] = 28'h20ca626;
        left_terms[84] = 28'h212bfe5;
        left_terms[85] = 28'h218d9a4;
        left_terms[86] = 28'h21ef363;
        left_terms[87] = 28'h2250d22;
        left_terms[88] = 28'h22b26e1;
        left_terms[89] = 28'h23140a0;
        left_terms[90] = 28'h2375a5f;
        left_terms[91] = 28'h23d741e;
        left_terms[92] = 28'h2438ddd;
        left_terms[93] = 28'h249a79c;
        left_terms[94] = 28'h24fc15b;
        left_terms[95] = 28'h255db1a;
        left_terms[96] = 28'h25bf4d9;
        left_terms[97] = 28'h2620e97;
        left_terms[98] = 28'h2682856;
        left_terms[99] = 28'h26e4215;
        left_terms[100] = 28'h2745bd4;
        left_terms[101] = 28'h27a7593;
        left_terms[102] = 28'h2808f52;
        left_terms[103] = 28'h286a911;
        left_terms[104] = 28'h28cc2d0;
        left_terms[105] = 28'h292dc8f;
        left_terms[106] = 28'h298f64e;
        left_terms[107] = 28'h29f100d;
        left_terms[108] = 28'h2a529cc;
        left_terms[109] = 28'h2ab438b;
        left_terms[110] = 28'h2b15d4a;
        left_terms[111] = 28'h2b77709;
        left_terms[112] = 28'h2bd90c8;
        left_terms[113] = 28'h2c3aa87;
        left_terms[114] = 28'h2c9c446;
        left_terms[115] = 28'h2cfde05;
        left_terms[116] = 28'h2d5f7c4;
        left_terms[117] = 28'h2dc1183;
        left_terms[118] = 28'h2e22b41;
        left_terms[119] = 28'h2e84500;
        left_terms[120] = 28'h2ee5ebf;
        left_terms[121] = 28'h2f4787e;
        left_terms[122] = 28'h2fa923d;
        left_terms[123] = 28'h300abfc;
        left_terms[124] = 28'h306c5bb;
        left_terms[125] = 28'h30cdf7a;
        left_terms[126] = 28'h312f939;
        left_terms[127] = 28'h31912f8;
        left_terms[128] = 28'hd056dc3;
        left_terms[129] = 28'hd0b8782;
        left_terms[130] = 28'hd11a141;
        left_terms[131] = 28'hd17bb00;
        left_terms[132] = 28'hd1dd4bf;
        left_terms[133] = 28'hd23ee7d;
        left_terms[134] = 28'hd2a083c;
        left_terms[135] = 28'hd3021fb;
        left_terms[136] = 28'hd363bba;
        left_terms[137] = 28'hd3c5579;
        left_terms[138] = 28'hd426f38;
        left_terms[139] = 28'hd4888f7;
        left_terms[140] = 28'hd4ea2b6;
        left_terms[141] = 28'hd54bc75;
        left_terms[142] = 28'hd5ad634;
        left_terms[143] = 28'hd60eff3;
        left_terms[144] = 28'hd6709b2;
        left_terms[145] = 28'hd6d2371;
        left_terms[146] = 28'hd733d30;
        left_terms[147] = 28'hd7956ef;
        left_terms[148] = 28'hd7f70ae;
        left_terms[149] = 28'hd858a6d;
        left_terms[150] = 28'hd8ba42c;
        left_terms[151] = 28'hd91bdeb;
        left_terms[152] = 28'hd97d7aa;
        left_terms[153] = 28'hd9df169;
        left_terms[154] = 28'hda40b27;
        left_terms[155] = 28'hdaa24e6;
        left_terms[156] = 28'hdb03ea5;
        left_terms[157] = 28'hdb65864;
        left_terms[158] = 28'hdbc7223;
        left_terms[159] = 28'hdc28be2;
        left_terms[160] = 28'hdc8a5a1;
        left_terms[161] = 28'hdcebf60;
        left_terms[162] = 28'hdd4d91f;
        left_terms[163] = 28'hddaf2de;
        left_terms[164] = 28'hde10c9d;
        left_terms[165] = 28'hde7265c;
        left_terms[166] = 28'hded401b;
        left_terms[167] = 28'hdf359da;
        left_terms[168] = 28'hdf97399;
        left_terms[169] = 28'hdff8d58;
        left_terms[170] = 28'he05a717;
        left_terms[171] = 28'he0bc0d6;
        left_terms[172] = 28'he11da95;
        left_terms[173] = 28'he17f454;
        left_terms[174] = 28'he1e0e13;
        left_terms[175] = 28'he2427d1;
        left_terms[176] = 28'he2a4190;
        left_terms[177] = 28'he305b4f;
        left_terms[178] = 28'he36750e;
        left_terms[179] = 28'he3c8ecd;
        left_terms[180] = 28'he42a88c;
        left_terms[181] = 28'he48c24b;
        left_terms[182] = 28'he4edc0a;
        left_terms[183] = 28'he54f5c9;
        left_terms[184] = 28'he5b0f88;
        left_terms[185] = 28'he612947;
        left_terms[186] = 28'he674306;
        left_terms[187] = 28'he6d5cc5;
        left_terms[188] = 28'he737684;
        left_terms[189] = 28'he799043;
        left_terms[190] = 28'he7faa02;
        left_terms[191] = 28'he85c3c1;
        left_terms[192] = 28'he8bdd80;
        left_terms[193] = 28'he91f73f;
        left_terms[194] = 28'he9810fe;
        left_terms[195] = 28'he9e2abd;
        left_terms[196] = 28'hea4447b;
        left_terms[197] = 28'heaa5e3a;
        left_terms[198] = 28'heb077f9;
        left_terms[199] = 28'heb691b8;
        left_terms[200] = 28'hebcab77;
        left_terms[201] = 28'hec2c536;
        left_terms[202] = 28'hec8def5;
        left_terms[203] = 28'hecef8b4;
        left_terms[204] = 28'hed51273;
        left_terms[205] = 28'hedb2c32;
        left_terms[206] = 28'hee145f1;
        left_terms[207] = 28'hee75fb0;
        left_terms[208] = 28'heed796f;
        left_terms[209] = 28'hef3932e;
        left_terms[210] = 28'hef9aced;
        left_terms[211] = 28'heffc6ac;
        left_terms[212] = 28'hf05e06b;
        left_terms[213] = 28'hf0bfa2a;
        left_terms[214] = 28'hf1213e9;
        left_terms[215] = 28'hf182da8;
        left_terms[216] = 28'hf1e4767;
        left_terms[217] = 28'hf246125;
        left_terms[218] = 28'hf2a7ae4;
        left_terms[219] = 28'hf3094a3;
        left_terms[220] = 28'hf36ae62;
        left_terms[221] = 28'hf3cc821;
        left_terms[222] = 28'hf42e1e0;
        left_terms[223] = 28'hf48fb9f;
        left_terms[224] = 28'hf4f155e;
        left_terms[225] = 28'hf552f1d;
        left_terms[226] = 28'hf5b48dc;
        left_terms[227] = 28'hf61629b;
        left_terms[228] = 28'hf677c5a;
        left_terms[229] = 28'hf6d9619;
        left_terms[230] = 28'hf73afd8;
        left_terms[231] = 28'hf79c997;
        left_terms[232] = 28'hf7fe356;
        left_terms[233] = 28'hf85fd15;
        left_terms[234] = 28'hf8c16d4;
        left_terms[235] = 28'hf923093;
        left_terms[236] = 28'hf984a52;
        left_terms[237] = 28'hf9e6411;
        left_terms[238] = 28'hfa47dcf;
        left_terms[239] = 28'hfaa978e;
        left_terms[240] = 28'hfb0b14d;
        left_terms[241] = 28'hfb6cb0c;
        left_terms[242] = 28'hfbce4cb;
        left_terms[243] = 28'hfc2fe8a;
        left_terms[244] = 28'hfc91849;
        left_terms[245] = 28'hfcf3208;
        left_terms[246] = 28'hfd54bc7;
        left_terms[247] = 28'hfdb6586;
        left_terms[248] = 28'hfe17f45;
        left_terms[249] = 28'hfe79904;
        left_terms[250] = 28'hfedb2c3;
        left_terms[251] = 28'hff3cc82;
        left_terms[252] = 28'hff9e641;
        left_terms[253] = 28'h0000000;
        left_terms[254] = 28'h00619bf;
        left_terms[255] = 28'h00c337e;
    end

    // Each code of s1 in the fixed point of the sum.
    reg [27:0] right_terms [0:255];

    initial begin
        right_terms[0] = 28'hf780000;
        right_terms[1] = 28'hf800000;
        right_terms[2] = 28'hf880000;
        right_terms[3] = 28'hf900000;
        right_terms[4] = 28'hf980000;
        right_terms[5] = 28'hfa00000;
        right_terms[6] = 28'hfa80000;
        right_terms[7] = 28'hfb00000;
        right_terms[8] = 28'hfb80000;
        right_terms[9] = 28'hfc00000;
        right_terms[10] = 28'hfc80000;
        right_terms[11] = 28'hfd00000;
        right_terms[12] = 28'hfd80000;
        right_terms[13] = 28'hfe00000;
        right_terms[14] = 28'hfe80000;
        right_terms[15] = 28'hff00000;
        right_terms[16] = 28'hff80000;
        right_terms[17] = 28'h0000000;
        right_terms[18] = 28'h0080000;
        right_terms[19] = 28'h0100000;
        right_terms[20] = 28'h0180000;
        right_terms[21] = 28'h0200000;
        right_terms[22] = 28'h0280000;
        right_terms[23] = 28'h0300000;
        right_terms[24] = 28'h0380000;
        right_terms[25] = 28'h0400000;
        right_terms[26] = 28'h0480000;
        right_terms[27] = 28'h0500000;
        right_terms[28] = 28'h0580000;
        right_terms[29] = 28'h0600000;
        right_terms[30] = 28'h0680000;
        right_terms[31] = 28'h0700000;
        right_terms[32] = 28'h0780000;
        right_terms[33] = 28'h0800000;
        right_terms[34] = 28'h0880000;
        right_terms[35] = 28'h0900000;
        right_terms[36] = 28'h0980000;
        right_terms[37] = 28'h0a00000;
        right_terms[38] = 28'h0a80000;
        right_terms[39] = 28'h0b00000;
        right_terms[40] = 28'h0b80000;
        right_terms[41] = 28'h0c00000;
        right_terms[42] = 28'h0c80000;
        right_terms[43] = 28'h0d00000;
        right_terms[44] = 28'h0d80000;
        right_terms[45] = 28'h0e00000;
        right_terms[46] = 28'h0e80000;
        right_terms[47] = 28'h0f00000;
        right_terms[48] = 28'h0f80000;
        right_terms[49] = 28'h1000000;
        right_terms[50] = 28'h1080000;
        right_terms[51] = 28'h1100000;
        right_terms[52] = 28'h1180000;
        right_terms[53] = 28'h1200000;
        right_terms[54] = 28'h1280000;
        right_terms[55] = 28'h1300000;
        right_terms[56] = 28'h1380000;
        right_terms[57] = 28'h1400000;
        right_terms[58] = 28'h1480000;
        right_terms[59] = 28'h1500000;
        right_terms[60] = 28'h1580000;
        right_terms[61] = 28'h1600000;
        right_terms[62] = 28'h1680000;
        right_terms[63] = 28'h1700000;
        right_terms[64] = 28'h1780000;
        right_terms[65] = 28'h1800000;
        right_terms[66] = 28'h1880000;
        right_terms[67] = 28'h1900000;
        right_terms[68] = 28'h1980000;
        right_terms[69] = 28'h1a00000;
        right_terms[70] = 28'h1a80000;
        right_terms[71] = 28'h1b00000;
        right_terms[72] = 28'h1b80000;
        right_terms[73] = 28'h1c00000;
        right_terms[74] = 28'h1c80000;
        right_terms[75] = 28'h1d00000;
        right_terms[76] = 28'h1d80000;
        right_terms[77] = 28'h1e00000;
        right_terms[78] = 28'h1e80000;
        right_terms[79] = 28'h1f00000;
        right_terms[80] = 28'h1f80000;
        right_terms[81] = 28'h2000000;
        right_terms[82] = 28'h2080000;
        right_terms[83] = 28'h2100000;
        right_terms[84] = 28'h2180000;
        right_terms[85] = 28'h2200000;
        right_terms[86] = 28'h2280000;
        right_terms[87] = 28'h2300000;
        right_terms[88] = 28'h2380000;
        right_terms[89] = 28'h2400000;
        right_terms[90] = 28'h2480000;
        right_terms[91] = 28'h2500000;
        right_terms[92] = 28'h2580000;
        right_terms[93] = 28'h2600000;
        right_terms[94] = 28'h2680000;
        right_terms[95] = 28'h2700000;
        right_terms[96] = 28'h2780000;
        right_terms[97] = 28'h2800000;
        right_terms[98] = 28'h2880000;
        right_terms[99] = 28'h2900000;
        right_terms[100] = 28'h2980000;
        right_terms[101] = 28'h2a00000;
        right_terms[102] = 28'h2a80000;
        right_terms[103] = 28'h2b00000;
        right_terms[104] = 28'h2b80000;
        right_terms[105] = 28'h2c00000;
        right_terms[106] = 28'h2c80000;
        right_terms[107] = 28'h2d00000;
        right_terms[108] = 28'h2d80000;
        right_terms[109] = 28'h2e00000;
        right_terms[110] = 28'h2e80000;
        right_terms[111] = 28'h2f00000;
        right_terms[112] = 28'h2f80000;
        right_terms[113] = 28'h3000000;
        right_terms[114] = 28'h3080000;
        right_terms[115] = 28'h3100000;
        right_terms[116] = 28'h3180000;
        right_terms[117] = 28'h3200000;
        right_terms[118] = 28'h3280000;
        right_terms[119] = 28'h3300000;
        right_terms[120] = 28'h3380000;
        right_terms[121] = 28'h3400000;
        right_terms[122] = 28'h3480000;
        right_terms[123] = 28'h3500000;
        right_terms[124] = 28'h3580000;
        right_terms[125] = 28'h3600000;
        right_terms[126] = 28'h3680000;
        right_terms[127] = 28'h3700000;
        right_terms[128] = 28'hb780000;
        right_terms[129] = 28'hb800000;
        right_terms[130] = 28'hb880000;
        right_terms[131] = 28'hb900000;
        right_terms[132] = 28'hb980000;
        right_terms[133] = 28'hba00000;
        right_terms[134] = 28'hba80000;
        right_terms[135] = 28'hbb00000;
        right_terms[136] = 28'hbb80000;
        right_terms[137] = 28'hbc00000;
        right_terms[138] = 28'hbc80000;
        right_terms[139] = 28'hbd00000;
        right_terms[140] = 28'hbd80000;
        right_terms[141] = 28'hbe00000;
        right_terms[142] = 28'hbe80000;
        right_terms[143] = 28'hbf00000;
        right_terms[144] = 28'hbf80000;
        right_terms[145] = 28'hc000000;
        right_terms[146] = 28'hc080000;
        right_terms[147] = 28'hc100000;
        right_terms[148] = 28'hc180000;
        right_terms[149] = 28'hc200000;
        right_terms[150] = 28'hc280000;
        right_terms[151] = 28'hc300000;
        right_terms[152] = 28'hc380000;
        right_terms[153] = 28'hc400000;
        right_terms[154] = 28'hc480000;
        right_terms[155] = 28'hc500000;
        right_terms[156] = 28'hc580000;
        right_terms[157] = 28'hc600000;
        right_terms[158] = 28'hc680000;
        right_terms[159] = 28'hc700000;
        right_terms[160] = 28'hc780000;
        right_terms[161] = 28'hc800000;
        right_terms[162] = 28'hc880000;
        right_terms[163] = 28'hc900000;
        right_terms[164] = 28'hc980000;
        right_terms[165] = 28'hca00000;
        right_terms[166] = 28'hca80000;
        right_terms[167] = 28'hcb00000;
        right_terms[168] = 28'hcb80000;
        right_terms[169] = 28'hcc00000;
        right_terms[170] = 28'hcc80000;
        right_terms[171] = 28'hcd00000;
        right_terms[172] = 28'hcd80000;
        right_terms[173] = 28'hce00000;
        right_terms[174] = 28'hce80000;
        right_terms[175] = 28'hcf00000;
        right_terms[176] = 28'hcf80000;
        right_terms[177] = 28'hd000000;
        right_terms[178] = 28'hd080000;
        right_terms[179] = 28'hd100000;
        right_terms[180] = 28'hd180000;
        right_terms[181] = 28'hd200000;
        right_terms[182] = 28'hd280000;
        right_terms[183] = 28'hd300000;
        right_terms[184] = 28'hd380000;
        right_terms[185] = 28'hd400000;
        right_terms[186] = 28'hd480000;
        right_terms[187] = 28'hd500000;
        right_terms[188] = 28'hd580000;
        right_terms[189] = 28'hd600000;
        right_terms[190] = 28'hd680000;
        right_terms[191] = 28'hd700000;
        right_terms[192] = 28'hd780000;
        right_terms[193] = 28'hd800000;
        right_terms[194] = 28'hd880000;
        right_terms[195] = 28'hd900000;
        right_terms[196] = 28'hd980000;
        right_terms[197] = 28'hda00000;
        right_terms[198] = 28'hda80000;
        right_terms[199] = 28'hdb00000;
        right_terms[200] = 28'hdb80000;
        right_terms[201] = 28'hdc00000;
        right_terms[202] = 28'hdc80000;
        right_terms[203] = 28'hdd00000;
        right_terms[204] = 28'hdd80000;
        right_terms[205] = 28'hde00000;
        right_terms[206] = 28'hde80000;
        right_terms[207] = 28'hdf00000;
        right_terms[208] = 28'hdf80000;
        right_terms[209] = 28'he000000;
        right_terms[210] = 28'he080000;
        right_terms[211] = 28'he100000;
        right_terms[212] = 28'he180000;
        right_terms[213] = 28'he200000;
        right_terms[214] = 28'he280000;
        right_terms[215] = 28'he300000;
        right_terms[216] = 28'he380000;
        right_terms[217] = 28'he400000;
        right_terms[218] = 28'he480000;
        right_terms[219] = 28'he500000;
        right_terms[220] = 28'he580000;
        right_terms[221] = 28'he600000;
        right_terms[222] = 28'he680000;
        right_terms[223] = 28'he700000;
        right_terms[224] = 28'he780000;
        right_terms[225] = 28'he800000;
        right_terms[226] = 28'he880000;
        right_terms[227] = 28'he900000;
        right_terms[228] = 28'he980000;
        right_terms[229] = 28'hea00000;
        right_terms[230] = 28'hea80000;
        right_terms[231] = 28'heb00000;
        right_terms[232] = 28'heb80000;
        right_terms[233] = 28'hec00000;
        right_terms[234] = 28'hec80000;
        right_terms[235] = 28'hed00000;
        right_terms[236] = 28'hed80000;
        right_terms[237] = 28'hee00000;
        right_terms[238] = 28'hee80000;
        right_terms[239] = 28'hef00000;
        right_terms[240] = 28'hef80000;
        right_terms[241] = 28'hf000000;
        right_terms[242] = 28'hf080000;
        right_terms[243] = 28'hf100000;
        right_terms[244] = 28'hf180000;
        right_terms[245] = 28'hf200000;
        right_terms[246] = 28'hf280000;
        right_terms[247] = 28'hf300000;
        right_terms[248] = 28'hf380000;
        right_terms[249] = 28'hf400000;
        right_terms[250] = 28'hf480000;
        right_terms[251] = 28'hf500000;
        right_terms[252] = 28'hf580000;
        right_terms[253] = 28'hf600000;
        right_terms[254] = 28'hf680000;
        right_terms[255] = 28'hf700000;
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
            sum        <= {left_term[27], left_term} + {right_term[27], right_term};
        end

    // tlast, in step with the sums.
    reg [4:0] last;

    always @(posedge clk)
        if (enable)
            last <= {last[3:0], s0_axis_tlast};

    assign m_axis_tlast = last[4];

    wire signed [28:0] acc = $signed(sum);
    wire signed [7:0] code;

    add_engine_requantizer requantizer (
        .clk      (clk),
        .rst      (rst),
        .en       (enable),
        .valid_in (sum_valid),
        .acc      (acc),
        .valid_out(m_axis_tvalid),
        .out      (code)
    );

    assign m_axis_tdata = code[7:0];
endmodule

// add_engine_requantizer: accumulator to output codes under a named rounding rule.
// (R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped.
// Latency: 3 clock cycles with en = 1; one result per cycle.
// Architecture: adders. The 255 thresholds of the rule are those of floor((acc * 24201047 + offset)
//     / 2^44).

module add_engine_requantizer (
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
    wire [27:0] window = acc[27:0];
    wire [1:0] segment = {acc[28], acc[26]};
    wire outside = (|acc[28:27]) & ~(&acc[28:27]);

    (* keep *) wire [29:0] sum_1;
    assign sum_1 = {window, 2'd0} - {{2{window[27]}}, window};

    (* keep *) wire [32:0] sum_2;
    assign sum_2 = {sum_1, 3'd0} - {{5{window[27]}}, window};

    (* keep *) wire [36:0] sum_3;
    assign sum_3 = {{9{window[27]}}, window} + {sum_2, 4'd0};

    reg [27:1] window_1;
    reg [36:0] sum_3_1;
    reg [1:0] segment_1;
    reg outside_1;

    always @(posedge clk) begin
        if (en) begin
            window_1 <= window[27:1];
            sum_3_1 <= sum_3;
            segment_1 <= segment;
            outside_1 <= outside;
        end
    end

    (* keep *) wire [38:1] sum_4;
    assign sum_4 = {{11{window_1[27]}}, window_1} + {sum_3_1, 1'b0};

    (* keep *) wire [41:4] sum_5;
    assign sum_5 = {{14{window_1[27]}}, window_1[27:4]} + sum_4;

    (* keep *) wire [45:8] sum_6;
    assign sum_6 = sum_5 - {{18{window_1[27]}}, window_1[27:8]};

    (* keep *) wire [47:10] sum_7;
    assign sum_7 = sum_6 - {{20{window_1[27]}}, window_1[27:10]};

    reg [27:12] window_2;
    reg [47:10] sum_7_2;
    reg [1:0] segment_2;
    reg outside_2;

    always @(posedge clk) begin
        if (en) begin
            window_2 <= window_1[27:12];
            sum_7_2 <= sum_7;
            segment_2 <= segment_1;
            outside_2 <= outside_1;
        end
    end

    (* keep *) wire [49:12] sum_8;
    assign sum_8 = sum_7_2 - {{22{window_2[27]}}, window_2};

    (* keep *) wire [52:15] product;
    assign product = sum_8 + {{~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1],
        ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1],
        ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1],
        ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1],
        ~segment_2[1], ~segment_2[1], ~segment_2[1], ~segment_2[1]}, ~window_2[26:15]};

    wire [52:15] line = product + {1'b1, 1'b1, 1'b1, 1'b1, 1'b0, 1'b1, 1'b1, 1'b0, 1'b0,
        ~segment_2[1], segment_2[1], segment_2[1], segment_2[1], segment_2[1], segment_2[1],
        segment_2[1], segment_2[1], segment_2[1], segment_2[1], segment_2[1], segment_2[1],
        segment_2[1], segment_2[1], segment_2[1], segment_2[1], segment_2[1], segment_2[1],
        segment_2[1], ~segment_2[1], segment_2[1], segment_2[1], segment_2[1],
        (segment_2[1] ? 1'b1 : segment_2[0]), ~segment_2[1], (segment_2[1] ? 1'b0 : ~segment_2[0]),
        (segment_2[1] ? segment_2[0] : 1'b0), (segment_2[1] ? segment_2[0] : 1'b0), 1'b0};

    wire fits = ~outside_2 & ((&line[52:51]) | ~(|line[52:51]));

    always @(posedge clk)
        if (en)
            out <= $signed(fits ? line[51:44] : {segment_2[1], {7{~segment_2[1]}}});

    // The bits below the rounding position have no part in the result.
    wire unused = &{1'b0, line[43:15]};
endmodule

`default_nettype wire
