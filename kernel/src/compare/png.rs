//! Pictures in PNG, compared by their pixels: the same picture can be written in many ways, and the last bit of a
//! computed colour depends on the system's library.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// How far a channel of a pixel may be apart, of 255.
const NEAR: u8 = 2;
/// How many bytes the pixels of a picture may take: a small file can claim to be huge.
const MOST: usize = 256 * 1024 * 1024;

/// A picture: four channels of eight bits for each pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

/// How two pictures differ, in words; nothing if they are the same. None if one of them is not understood.
pub fn difference(stored: &str, fresh: &str) -> Option<Option<String>> {
    let (stored, fresh) = (read(stored)?, read(fresh)?);
    if (stored.width, stored.height) != (fresh.width, fresh.height) {
        return Some(Some(format!(
            "{} × {} pixels are stored, and there are {} × {} now",
            stored.width, stored.height, fresh.width, fresh.height
        )));
    }
    let distance = |(one, other): (&[u8; 4], &[u8; 4])| {
        let channels = one
            .iter()
            .zip(other)
            .map(|(one, other)| one.abs_diff(*other));
        channels.max().unwrap_or(0)
    };
    let distances = stored.pixels.iter().zip(&fresh.pixels).map(distance);
    let far: Vec<_> = distances.filter(|distance| *distance > NEAR).collect();
    Some(far.iter().max().map(|most| {
        format!(
            "{} of {} pixels differ, by up to {most} of 255",
            far.len(),
            stored.pixels.len()
        )
    }))
}

fn read(text: &str) -> Option<Picture> {
    let text: String = text.split_whitespace().collect();
    decode(&STANDARD.decode(text).ok()?)
}

/// Decodes a picture that is not interlaced.
fn decode(bytes: &[u8]) -> Option<Picture> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut header = None;
    let mut palette: Vec<[u8; 4]> = Vec::new();
    let mut packed = Vec::new();
    while rest.len() >= 12 {
        let length = usize::try_from(u32::from_be_bytes(rest[..4].try_into().ok()?)).ok()?;
        let data = rest.get(8..8 + length)?;
        match &rest[4..8] {
            b"IHDR" => header = Some(Header::read(data)?),
            b"PLTE" => {
                let colours = data.chunks_exact(3);
                palette = colours
                    .map(|colour| [colour[0], colour[1], colour[2], 255])
                    .collect();
            }
            b"tRNS" => {
                for (colour, alpha) in palette.iter_mut().zip(data) {
                    colour[3] = *alpha;
                }
            }
            b"IDAT" => packed.extend_from_slice(data),
            _ => {}
        }
        rest = rest.get(12 + length..)?;
    }
    let header = header?;
    let size = header.row()?.checked_add(1)?.checked_mul(header.height)?;
    if size > MOST || header.width.checked_mul(header.height)? > MOST / 4 {
        return None;
    }
    let raw = decompress_to_vec_zlib_with_limit(&packed, size).ok()?;
    let rows = header.rows(&raw)?;
    let pixels = rows
        .iter()
        .map(|row| header.pixels(row, &palette))
        .collect::<Option<Vec<_>>>()?;
    Some(Picture {
        width: header.width,
        height: header.height,
        pixels: pixels.concat(),
    })
}

struct Header {
    width: usize,
    height: usize,
    depth: usize,
    colour: u8,
}

impl Header {
    fn read(data: &[u8]) -> Option<Header> {
        let number = |at: usize| {
            let bytes = data.get(at..at + 4)?.try_into().ok()?;
            usize::try_from(u32::from_be_bytes(bytes)).ok()
        };
        let &[depth, colour, 0, 0, 0] = data.get(8..13)? else {
            return None;
        };
        let fits = match colour {
            0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(depth, 8 | 16),
            _ => false,
        };
        fits.then_some(Header {
            width: number(0)?,
            height: number(4)?,
            depth: usize::from(depth),
            colour,
        })
    }

    fn channels(&self) -> usize {
        match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// How many bytes a row takes.
    fn row(&self) -> Option<usize> {
        Some(
            self.width
                .checked_mul(self.channels() * self.depth)?
                .div_ceil(8),
        )
    }

    /// The rows without their filters.
    fn rows(&self, raw: &[u8]) -> Option<Vec<Vec<u8>>> {
        let length = self.row()?;
        let step = (self.channels() * self.depth).div_ceil(8);
        let mut rows: Vec<Vec<u8>> = Vec::new();
        let mut above = vec![0; length];
        for line in raw.chunks_exact(length + 1).take(self.height) {
            let mut row = line[1..].to_vec();
            for at in 0..length {
                let left = if at >= step { row[at - step] } else { 0 };
                let corner = if at >= step { above[at - step] } else { 0 };
                let guess = match line[0] {
                    0 => 0,
                    1 => left,
                    2 => above[at],
                    3 => u8::try_from((u16::from(left) + u16::from(above[at])) / 2).unwrap_or(0),
                    4 => paeth(left, above[at], corner),
                    _ => return None,
                };
                row[at] = row[at].wrapping_add(guess);
            }
            above.clone_from(&row);
            rows.push(row);
        }
        (rows.len() == self.height).then_some(rows)
    }

    fn pixels(&self, row: &[u8], palette: &[[u8; 4]]) -> Option<Vec<[u8; 4]>> {
        let sample = |index: usize| match self.depth {
            16 => row[index * 2],
            8 => row[index],
            depth => {
                let bit = index * depth;
                let mask = (1_u8 << depth) - 1;
                (row[bit / 8] >> (8 - depth - bit % 8)) & mask
            }
        };
        let grey = |index: usize| {
            let most = if self.depth < 8 {
                (1_u16 << self.depth) - 1
            } else {
                255
            };
            u8::try_from(u16::from(sample(index)) * 255 / most).unwrap_or(255)
        };
        (0..self.width)
            .map(|x| {
                let at = x * self.channels();
                Some(match self.colour {
                    0 => [grey(at), grey(at), grey(at), 255],
                    2 => [sample(at), sample(at + 1), sample(at + 2), 255],
                    3 => *palette.get(usize::from(sample(at)))?,
                    4 => [sample(at), sample(at), sample(at), sample(at + 1)],
                    _ => [sample(at), sample(at + 1), sample(at + 2), sample(at + 3)],
                })
            })
            .collect()
    }
}

/// Which of the neighbours a pixel is most like (the PNG specification, section 9.4).
fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(above) - i16::from(corner);
    let far = |neighbour: u8| (guess - i16::from(neighbour)).abs();
    if far(left) <= far(above) && far(left) <= far(corner) {
        left
    } else if far(above) <= far(corner) {
        above
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use miniz_oxide::deflate::compress_to_vec_zlib;

    /// A picture of 2 × 2 pixels in RGB, each row with this filter already applied.
    fn png(colour: u8, rows: &[&[u8]], level: u8) -> String {
        let chunk = |kind: &[u8], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap_or(0).to_be_bytes();
            // The checksum is not looked at.
            [&length[..], kind, data, &[0; 4]].concat()
        };
        let header = [
            &2_u32.to_be_bytes()[..],
            &2_u32.to_be_bytes(),
            &[8, colour, 0, 0, 0],
        ]
        .concat();
        let data = compress_to_vec_zlib(&rows.concat(), level);
        let bytes = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &header),
            chunk(b"IDAT", &data),
            chunk(b"IEND", &[]),
        ];
        STANDARD.encode(bytes.concat())
    }

    const PLAIN: [&[u8]; 2] = [
        &[0, 10, 20, 30, 40, 50, 60],
        &[0, 70, 80, 90, 100, 110, 120],
    ];

    #[test]
    fn the_same_pixels_are_the_same_however_they_are_packed() {
        let filtered: [&[u8]; 2] = [&[1, 10, 20, 30, 30, 30, 30], &[2, 60, 60, 60, 60, 60, 60]];
        assert_eq!(
            difference(&png(2, &PLAIN, 9), &png(2, &filtered, 1)),
            Some(None)
        );
        let alpha: [&[u8]; 2] = [
            &[0, 10, 20, 30, 255, 40, 50, 60, 255],
            &[0, 70, 80, 90, 255, 100, 110, 120, 255],
        ];
        assert_eq!(
            difference(&png(2, &PLAIN, 9), &png(6, &alpha, 9)),
            Some(None)
        );
    }

    #[test]
    fn other_pixels_are_counted_and_the_last_bits_do_not_matter() {
        let near: [&[u8]; 2] = [
            &[0, 11, 20, 30, 40, 50, 60],
            &[0, 70, 80, 90, 100, 110, 118],
        ];
        assert_eq!(
            difference(&png(2, &PLAIN, 9), &png(2, &near, 9)),
            Some(None)
        );
        let far: [&[u8]; 2] = [&[0, 110, 20, 30, 40, 50, 60], PLAIN[1]];
        assert_eq!(
            difference(&png(2, &PLAIN, 9), &png(2, &far, 9)),
            Some(Some("1 of 4 pixels differ, by up to 100 of 255".to_owned()))
        );
    }

    #[test]
    fn what_is_no_picture_is_not_guessed_at() {
        for wrong in ["", "aGk=", "iVBORw0KGgo="] {
            assert_eq!(difference(wrong, wrong), None, "{wrong}");
        }
        assert_eq!(
            difference(&png(2, &PLAIN[..1], 9), &png(2, &PLAIN, 9)),
            None
        );
    }
}
