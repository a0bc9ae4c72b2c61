//! The header of an npy file, numpy's format versions 1.0 to 3.0.
//!
//! A header is a Python dict literal of three known keys, and the parser accepts nothing else: a parser of
//! Python would follow a malicious file to any depth and length.

use std::io;
use std::io::{Read, Write};

use super::element::Dtype;
use super::elements;
use super::error::Cause;
use super::half::Encoding;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// First bytes of an npz file that holds an array.
const ZIP: &[u8] = b"PK\x03\x04";
/// Longest header, in bytes, which is numpy's limit too.
const LONGEST: usize = 10_000;
/// Alignment of the data, in bytes, with which numpy can map it.
const ALIGNMENT: usize = 64;

/// Type and shape of an array.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    pub dtype: Dtype,
    pub encoding: Encoding,
    /// Whether the first axis is the fastest one in the file.
    pub column_major: bool,
    pub shape: Vec<usize>,
    /// Bytes of data in the file that shape and encoding need.
    pub bytes: usize,
}

impl Header {
    /// Bytes of the elements in memory.
    pub fn memory(&self) -> usize {
        (self.bytes / self.encoding.size(self.dtype)).saturating_mul(self.dtype.size())
    }
}

impl Header {
    pub fn read(source: &mut impl Read) -> Result<Self, Cause> {
        let mut start = [0; 8];
        read_exactly(source, &mut start, Cause::NotNpy)?;
        let [magic @ .., major, minor] = start;
        if magic.starts_with(ZIP) {
            return Err(Cause::Npz);
        }
        if &magic != MAGIC {
            return Err(Cause::NotNpy);
        }
        let mut length = [0; 4];
        let width = match (major, minor) {
            (1, 0) => 2,
            (2 | 3, 0) => 4,
            _ => return Err(Cause::Version(major, minor)),
        };
        read_exactly(source, &mut length[..width], Cause::Header("it ends early"))?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return Err(Cause::Header("it is longer than 10000 bytes"));
        }
        let mut text = vec![0; length];
        read_exactly(source, &mut text, Cause::Header("it ends early"))?;
        let text = str::from_utf8(&text).map_err(|_| Cause::Header("it is not text"))?;
        Parser { rest: text }.header()
    }

    /// Writes the header as numpy does.
    pub fn write(dtype: Dtype, shape: &[usize], sink: &mut impl Write) -> io::Result<()> {
        let lengths = match shape {
            [length] => format!("{length},"),
            _ => shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
        };
        let dict = format!("{{'descr': '{}', 'fortran_order': False, 'shape': ({lengths}), }}", dtype.code());
        let before = MAGIC.len() + 4;
        let length = (before + dict.len() + 1).next_multiple_of(ALIGNMENT) - before;
        let size = u16::try_from(length).map_err(io::Error::other)?;
        sink.write_all(MAGIC)?;
        sink.write_all(&[1, 0])?;
        sink.write_all(&size.to_le_bytes())?;
        writeln!(sink, "{dict:<width$}", width = length - 1)
    }
}

fn read_exactly(source: &mut impl Read, bytes: &mut [u8], early: Cause) -> Result<(), Cause> {
    source.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => early,
        _ => Cause::Read(error),
    })
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn header(mut self) -> Result<Header, Cause> {
        let (mut dtype, mut fortran_order, mut shape) = (None, None, None);
        self.expect('{')?;
        while !self.accept('}') {
            let key = self.string()?;
            self.expect(':')?;
            match key {
                "descr" => dtype = Some(self.dtype()?),
                "fortran_order" => fortran_order = Some(self.boolean()?),
                "shape" => shape = Some(self.shape()?),
                _ => return Err(Cause::Header("it has an unknown key")),
            }
            if !self.accept(',') {
                self.expect('}')?;
                break;
            }
        }
        let (Some(dtype), Some(fortran_order), Some(shape)) = (dtype, fortran_order, shape) else {
            return Err(Cause::Header("descr, fortran_order or shape is missing"));
        };
        let (dtype, encoding): (Dtype, Encoding) = dtype;
        match elements(&shape).and_then(|elements| elements.checked_mul(encoding.size(dtype))) {
            Some(bytes) => Ok(Header { dtype, encoding, column_major: fortran_order, shape, bytes }),
            None => Err(Cause::Shape(shape)),
        }
    }

    fn dtype(&mut self) -> Result<(Dtype, Encoding), Cause> {
        if self.rest.trim_start().starts_with('[') {
            let fix = "save each of its fields, array[name]";
            return Err(Cause::Foreign { found: "a structured type".into(), fix });
        }
        let code = self.string()?;
        if let Some(encoding) = Encoding::of_half(code) {
            return Ok((Dtype::Float32, encoding));
        }
        let known = |dtype: &Dtype| code.get(1..) == Some(&dtype.code()[1..]);
        match (code.chars().next(), Dtype::ALL.into_iter().find(known)) {
            // A single byte is the same in every order.
            (Some('<' | '>' | '|'), Some(dtype)) if dtype.size() == 1 => Ok((dtype, Encoding::Plain)),
            (Some('<'), Some(dtype)) => Ok((dtype, Encoding::Plain)),
            (Some('>'), Some(dtype)) => Err(Cause::BigEndian(dtype)),
            _ => Err(foreign(code)),
        }
    }

    fn shape(&mut self) -> Result<Vec<usize>, Cause> {
        let mut shape = Vec::new();
        self.expect('(')?;
        while !self.accept(')') {
            shape.push(self.length()?);
            if !self.accept(',') {
                self.expect(')')?;
                break;
            }
        }
        Ok(shape)
    }

    fn length(&mut self) -> Result<usize, Cause> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        // numpy under Python 2 wrote `3L`.
        self.rest = rest.strip_prefix('L').unwrap_or(rest);
        digits.parse().map_err(|_| Cause::Header("a length of its shape is not a number that fits"))
    }

    fn boolean(&mut self) -> Result<bool, Cause> {
        self.rest = self.rest.trim_start();
        for (word, value) in [("True", true), ("False", false)] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(value);
            }
        }
        Err(Cause::Header("fortran_order is neither True nor False"))
    }

    fn string(&mut self) -> Result<&'a str, Cause> {
        let damaged = Cause::Header("a quoted word is missing");
        let Some(quote) = ['\'', '"'].into_iter().find(|&quote| self.accept(quote)) else {
            return Err(damaged);
        };
        let (word, rest) = self.rest.split_once(quote).ok_or(damaged)?;
        self.rest = rest;
        Ok(word)
    }

    fn accept(&mut self, wanted: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), Cause> {
        if self.accept(wanted) { Ok(()) } else { Err(Cause::Header("it is not a dict of three keys")) }
    }
}

/// The error of an unsupported element type, with the conversion that keeps its values.
fn foreign(code: &str) -> Cause {
    let fix = match code.trim_start_matches(['<', '>', '|', '=']).chars().next() {
        Some('f') if code.ends_with("f2") => "convert it with array.astype(np.float32)",
        Some('f') => "convert it with array.astype(np.float64)",
        Some('c') => "save array.real and array.imag, each of its own",
        Some('m' | 'M') => "convert it with array.astype(np.int64)",
        _ => "convert it with array.astype(np.int64), or np.float64 if not all of it is whole",
    };
    let found = if code.contains('O') { "Python objects".to_string() } else { format!("'{code}'") };
    Cause::Foreign { found, fix }
}
