"""Decides an SMT-LIB file with bitwuzla: prints `sat` or `unsat`."""

import sys

import bitwuzla

bitwuzla.Parser(bitwuzla.TermManager(), bitwuzla.Options()).parse(sys.argv[1])
