//! Small pictures of large ones, made without trusting what a picture says of itself.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageReader, Limits, Rgb, RgbImage};
use std::io::Cursor;
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Pixels along the longer side.
const SIDE: u32 = 640;
/// Pixels along one side, and bytes while it is unpacked: a bomb is larger than both.
const LONGEST_SIDE: u32 = 12_000;
const MOST_BYTES: u64 = 192 * 1024 * 1024;
const QUALITY: u8 = 80;

/// Unpacking one takes much memory.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// The picture in small, as JPEG. None where there is none in these bytes, or one that is too large to be unpacked.
pub async fn of(bytes: Vec<u8>) -> Option<Vec<u8>> {
    let _turn = TURNS.acquire().await.ok()?;
    actix_web::web::block(move || small(&bytes)).await.ok()?
}

fn small(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    let picture = if picture.width().max(picture.height()) > SIDE { picture.thumbnail(SIDE, SIDE) } else { picture };
    let mut jpeg = Vec::new();
    on_white(&picture).write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY)).ok()?;
    Some(jpeg)
}

/// JPEG knows nothing that shines through.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (from, to) in picture.pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over_white = |colour: u16| u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        *to = Rgb([over_white(red), over_white(green), over_white(blue)]);
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgba, RgbaImage};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbaImage::from_pixel(width, height, Rgba([255, 0, 0, 0])).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[actix_web::test]
    async fn a_large_picture_becomes_a_small_one_on_white() {
        let jpeg = of(png(1600, 800)).await.unwrap();

        let small = image::load_from_memory(&jpeg).unwrap().to_rgb8();
        assert_eq!((small.dimensions(), small.get_pixel(5, 5).0), ((640, 320), [255, 255, 255]));
    }

    #[actix_web::test]
    async fn what_is_no_picture_or_a_bomb_has_none() {
        let mut bomb = png(10, 10);
        bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]); // 30,000 × 30,000 pixels
        for bytes in [bomb, b"<svg onload=alert(1)>".to_vec(), Vec::new(), b"\x89PNG\r\n\x1a\n and nothing".to_vec()] {
            assert_eq!(of(bytes).await, None);
        }
    }
}
