//! Zip archives whose bytes depend on names and contents only.

use miniz_oxide::deflate::compress_to_vec;
use std::io::{self, Seek, Write};

/// 1 January 1980, the first day that the format can name.
const DAY: u16 = 0x21;

/// A zip archive that is being written.
#[derive(Debug)]
pub struct Zip<W> {
    output: W,
    directory: Vec<u8>,
    count: u16,
}

impl<W: Write + Seek> Zip<W> {
    /// An empty archive.
    pub fn new(output: W) -> Self {
        Zip {
            output,
            directory: Vec::new(),
            count: 0,
        }
    }

    /// Appends a file, compressed unless it is so already.
    ///
    /// # Errors
    /// If it can't be written, or is too large for the format.
    pub fn append(
        &mut self,
        name: &str,
        bytes: &[u8],
        is_program: bool,
        level: u8,
    ) -> io::Result<()> {
        let too_large = |_| io::Error::from(io::ErrorKind::FileTooLarge);
        let at = u32::try_from(self.output.stream_position()?).map_err(too_large)?;
        let size = u32::try_from(bytes.len()).map_err(too_large)?;
        let compressed = if level == 0 {
            None
        } else {
            Some(compress_to_vec(bytes, level))
        };
        let (method, stored): (u16, &[u8]) = match &compressed {
            Some(less) if less.len() < bytes.len() => (8, less),
            _ => (0, bytes),
        };
        let stored_size = u32::try_from(stored.len()).map_err(too_large)?;
        let name_size = u16::try_from(name.len()).map_err(too_large)?;
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8.
        for word in [20, 0x0800, method, 0, DAY] {
            common.extend(u16::to_le_bytes(word));
        }
        for word in [crc32(bytes), stored_size, size] {
            common.extend(u32::to_le_bytes(word));
        }
        common.extend(name_size.to_le_bytes());
        self.output.write_all(b"PK\x03\x04")?;
        self.output.write_all(&common)?;
        self.output.write_all(&[0, 0])?;
        self.output.write_all(name.as_bytes())?;
        self.output.write_all(stored)?;

        // Made on Unix, so that the mode is kept.
        self.directory.extend(b"PK\x01\x02\x14\x03");
        self.directory.extend(&common);
        self.directory.extend([0; 8]);
        let mode: u32 = if is_program { 0o100_755 } else { 0o100_644 };
        self.directory.extend((mode << 16).to_le_bytes());
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
        Ok(())
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// As in [`Zip::append`].
    pub fn finish(mut self) -> io::Result<W> {
        let too_large = |_| io::Error::from(io::ErrorKind::FileTooLarge);
        let at = u32::try_from(self.output.stream_position()?).map_err(too_large)?;
        let size = u32::try_from(self.directory.len()).map_err(too_large)?;
        self.output.write_all(&self.directory)?;
        self.output.write_all(b"PK\x05\x06\0\0\0\0")?;
        self.output.write_all(&self.count.to_le_bytes())?;
        self.output.write_all(&self.count.to_le_bytes())?;
        self.output.write_all(&size.to_le_bytes())?;
        self.output.write_all(&at.to_le_bytes())?;
        self.output.write_all(&[0, 0])?;
        Ok(self.output)
    }
}

/// The checksum of zip archives (ISO 3309), eight bits at a time.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(!0, |sum, byte| {
        let index = (sum ^ u32::from(*byte)) & 0xff;
        (sum >> 8) ^ TABLE[index as usize]
    })
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            let low = value & 1;
            value >>= 1;
            if low == 1 {
                value ^= 0xedb8_8320;
            }
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn the_checksum_is_that_of_the_standards_example() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn the_same_files_give_the_same_bytes() -> io::Result<()> {
        let made = || -> io::Result<Vec<u8>> {
            let mut zip = Zip::new(Cursor::new(Vec::new()));
            zip.append("a/b", b"text text text text", false, 6)?;
            zip.append("c", b"", true, 0)?;
            Ok(zip.finish()?.into_inner())
        };
        let archive = made()?;
        assert_eq!(archive, made()?);
        assert!(archive.starts_with(b"PK\x03\x04"));
        Ok(())
    }
}
