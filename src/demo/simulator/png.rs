//! PNG images drawn by hand: the QR code, and the picture a customer sends. Stored, not compressed: no library needed.

use qrcode::{Color, QrCode};

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
/// The side of WAHA's image in pixels.
const QR_SIDE: usize = 276;

/// A QR code of 276 × 276 pixels, or larger when its modules would be under one pixel.
pub fn qr(value: &str) -> Result<Vec<u8>, String> {
    let code = QrCode::with_error_correction_level(value, qrcode::EcLevel::L).map_err(|error| error.to_string())?;
    let (width, modules) = (code.width(), code.to_colors());
    let scale = (QR_SIDE / (width + 8)).max(1);
    let side = QR_SIDE.max((width + 8) * scale);
    let margin = (side - width * scale) / 2;
    let is_dark = |x: usize, y: usize| {
        let module = |at: usize| at.checked_sub(margin).map(|at| at / scale).filter(|at| *at < width);
        module(x).zip(module(y)).is_some_and(|(x, y)| modules[y * width + x] == Color::Dark)
    };
    Ok(draw(side, side, |x, y| if is_dark(x, y) { [0, 0, 0] } else { [255, 255, 255] }))
}

/// The picture that a virtual phone sends: a sun over hills.
pub fn landscape() -> Vec<u8> {
    const WIDTH: usize = 360;
    const HEIGHT: usize = 240;
    draw(WIDTH, HEIGHT, |x, y| {
        let (x, y) = (x as f64, y as f64);
        let hill = |height: f64, wide: f64, shift: f64| height + 22.0 * ((x + shift) / wide).sin();
        let from_sun = (x - 250.0).hypot(y - 92.0);
        if y > hill(196.0, 48.0, 10.0) {
            [38, 84, 76]
        } else if y > hill(160.0, 70.0, 90.0) {
            [74, 132, 110]
        } else if from_sun < 34.0 {
            [255, 236, 176]
        } else {
            let glow = (1.0 - from_sun / 300.0).clamp(0.0, 1.0);
            [mix(120.0, 250.0, glow), mix(160.0, 190.0, glow), mix(200.0, 140.0, glow)]
        }
    })
}

fn mix(from: f64, to: f64, part: f64) -> u8 {
    (from + (to - from) * part) as u8
}

fn draw(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
    let mut rows = Vec::with_capacity(height * (width * 3 + 1));
    for y in 0..height {
        rows.push(0); // no filter
        (0..width).for_each(|x| rows.extend(colour(x, y)));
    }
    let mut header = Vec::from((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    header.extend([8, 2, 0, 0, 0]); // 8 bits, red green blue, not interlaced
    let mut image = Vec::from(SIGNATURE);
    chunk(&mut image, b"IHDR", &header);
    chunk(&mut image, b"IDAT", &stored(&rows));
    chunk(&mut image, b"IEND", &[]);
    image
}

fn chunk(image: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    image.extend((data.len() as u32).to_be_bytes());
    let checked = [kind.as_slice(), data].concat();
    image.extend(&checked);
    image.extend(crc32(&checked).to_be_bytes());
}

/// A zlib stream of stored blocks (RFC 1950, RFC 1951 3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (place, block) in blocks.enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(place == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn crc32(data: &[u8]) -> u32 {
    let step =
        |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)));
    !data.iter().fold(u32::MAX, step)
}

fn adler32(data: &[u8]) -> u32 {
    let step = |(a, b): (u32, u32), byte: &u8| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    };
    let (a, b) = data.iter().fold((1, 0), step);
    (b << 16) | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn the_qr_image_has_wahas_size() {
        let image = qr(&super::super::ids::qr_value()).expect("the value fits");
        assert_eq!(&image[16..24], [0, 0, 1, 20, 0, 0, 1, 20]);
    }
}
