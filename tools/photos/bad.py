# SPDX-License-Identifier: MIT
"""Odd and broken picture files, with a manifest that says what must become of each.

manifest.json is a list of {file, what, accept}, and
- for those that must be taken: width, height (upright) and, where the colours survive, `corners`:
  the colours of the top left, top right, bottom left and bottom right quarter;
- for those that must be refused: `error`, the slug of the problem (docs/errors.md).
"""
import io
import json
import os

from PIL import Image, ImageDraw

import raw_images as raw

WIDTH, HEIGHT = 96, 64
CORNERS = {"red": (220, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 220),
           "white": (240, 240, 240)}
# How a picture must be stored for a reader who obeys this EXIF orientation to see it upright.
STORED = {1: None, 2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM,
          5: Image.TRANSPOSE, 6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270}
INVALID, TOO_LARGE, UNSUPPORTED = "image-invalid", "too-large", "unsupported-media"


def sample():
    """Four quarters: red, green, blue, white."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    ink = ImageDraw.Draw(image)
    for i, colour in enumerate(CORNERS.values()):
        x, y = i % 2 * WIDTH // 2, i // 2 * HEIGHT // 2
        ink.rectangle((x, y, x + WIDTH // 2 - 1, y + HEIGHT // 2 - 1), fill=colour)
    return image


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(image, **options):
    return encoded(image, "JPEG", **{"quality": 92, "subsampling": 0, **options})


def oriented(image, orientation, big_endian=False):
    """A JPEG stored turned, with the EXIF orientation that turns it back."""
    how = STORED[orientation]
    stored = image if how is None else image.transpose(how)
    return raw.jpeg_with(jpeg(stored), 0xE1, raw.exif(orientation, big_endian))


class Folder:
    """Writes the files and keeps the manifest."""

    def __init__(self, path):
        self.path = path
        self.entries = []
        os.makedirs(path, exist_ok=True)

    def write(self, name, data, what, **verdict):
        with open(os.path.join(self.path, name), "wb") as f:
            f.write(data)
        self.entries.append({"file": name, "what": what, **verdict})

    def taken(self, name, data, what, corners=True, size=(WIDTH, HEIGHT), **more):
        verdict = {"accept": True, "width": size[0], "height": size[1], **more}
        if corners:
            verdict["corners"] = list(CORNERS)
        self.write(name, data, what, **verdict)

    def refused(self, name, data, what, error):
        self.write(name, data, what, accept=False, error=error)

    def close(self):
        with open(os.path.join(self.path, "manifest.json"), "w", encoding="utf-8") as f:
            json.dump(self.entries, f, indent=1)
            f.write("\n")


def taken_jpegs(to, image):
    plain = jpeg(image)
    to.taken("ok-baseline.jpg", plain, "baseline JPEG")
    to.taken("ok-subsampled.jpg", jpeg(image, subsampling=2), "JPEG 4:2:0")
    to.taken("ok-progressive.jpg", jpeg(image, progressive=True), "progressive JPEG")
    to.taken("ok-grey.jpg", jpeg(image.convert("L")), "grey JPEG", corners=False)
    to.taken("ok-cmyk.jpg", jpeg(image.convert("CMYK")), "CMYK JPEG as Adobe writes it")
    to.taken("ok-1x1.jpg", jpeg(image.crop((0, 0, 1, 1))), "one pixel", False, (1, 1))
    to.taken("ok-jpeg-named.png", plain, "a JPEG whose name says PNG: the content decides")
    to.taken("ok-zeros-after.jpg", plain + bytes(512), "zeros after the end, as cameras pad")
    comment = raw.jpeg_with(plain, 0xFE, b"<script>alert(1)</script>")
    to.taken("ok-html-comment.jpg", comment, "a script in the comment, which nobody keeps")
    lost = raw.jpeg_with(plain, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f")
    to.taken("ok-exif-broken.jpg", lost, "EXIF that points outside of itself: not turned")
    strange = raw.jpeg_with(plain, 0xE1, raw.exif(9, True))
    to.taken("ok-exif-9.jpg", strange, "EXIF orientation 9, which does not exist: not turned")
    for n in STORED:
        to.taken(f"ok-exif-{n}.jpg", oriented(image, n, n % 2 == 0), f"EXIF orientation {n}")


def taken_others(to, image):
    half = image.convert("RGBA")
    half.paste((0, 0, 0, 0), (WIDTH // 2, HEIGHT // 2, WIDTH, HEIGHT))
    to.taken("ok-rgb.png", encoded(image, "PNG"), "RGB PNG")
    to.taken("ok-alpha.png", encoded(half, "PNG"), "PNG, one quarter transparent: white")
    to.taken("ok-palette.png", encoded(image.quantize(8), "PNG"), "palette PNG")
    to.taken("ok-grey.png", encoded(image.convert("L"), "PNG"), "grey PNG", corners=False)
    to.taken("ok-1bit.png", encoded(image.convert("1"), "PNG"), "one-bit PNG", corners=False)
    to.taken("ok-16bit.png", raw.png_16bit(image), "PNG with 16 bits a channel")
    to.taken("ok-interlaced.png", raw.png_interlaced(image), "interlaced PNG (Adam7)")
    to.taken("ok-1x1.png", encoded(image.crop((0, 0, 1, 1)), "PNG"), "one pixel", False, (1, 1))
    to.taken("ok-lossy.webp", encoded(image, "WEBP", quality=90), "lossy WebP")
    to.taken("ok-lossless.webp", encoded(image, "WEBP", lossless=True), "lossless WebP")
    to.taken("ok-alpha.webp", encoded(half, "WEBP", lossless=True),
             "WebP, one quarter transparent: white")


def refused_broken(to, image):
    plain, png = jpeg(image), encoded(image, "PNG")
    webp = encoded(image, "WEBP", quality=90)
    to.refused("empty.jpg", b"", "zero bytes", INVALID)
    to.refused("one-byte.jpg", b"\xff", "one byte", UNSUPPORTED)
    to.refused("text.jpg", b"This is not a picture.\n", "plain text", UNSUPPORTED)
    to.refused("magic-only.jpg", b"\xff\xd8\xff", "the first three bytes of a JPEG", INVALID)
    to.refused("magic-only.png", raw.PNG_SIGNATURE, "only a PNG's signature", INVALID)
    to.refused("magic-only.webp", b"RIFF\x04\0\0\0WEBP", "only a WebP's frame", INVALID)
    scan = next(end for marker, _, end in raw.jpeg_segments(plain) if marker == 0xDA)
    to.refused("truncated.jpg", plain[: (scan + len(plain)) // 2], "JPEG cut within its scan",
               INVALID)
    to.refused("headers-only.jpg", plain[:scan], "JPEG cut before its scan", INVALID)
    to.refused("truncated.png", png[: len(png) * 2 // 3], "PNG cut at two thirds", INVALID)
    to.refused("truncated.webp", webp[: len(webp) * 2 // 3], "WebP cut at two thirds", INVALID)
    to.refused("no-end.png", png[:-12], "PNG without its last chunk", INVALID)
    chunks = {kind: (s, e) for kind, s, e in raw.png_chunks(png)}
    end = chunks[b"IHDR"][1]
    flipped = png[: end - 1] + bytes((png[end - 1] ^ 0xFF,)) + png[end:]
    to.refused("bad-checksum.png", flipped, "PNG header whose checksum is wrong", INVALID)
    start, end = chunks[b"IDAT"]
    garbage = png[:start] + raw.chunk(b"IDAT", b"\x78\x9c" + b"\xff" * 64) + png[end:]
    to.refused("bad-deflate.png", garbage, "PNG data that do not inflate", INVALID)
    s, e = next((s, e) for marker, s, e in raw.jpeg_segments(plain) if marker == 0xC4)
    to.refused("bad-tables.jpg", plain[: s + 5] + b"\xff" * (e - s - 5) + plain[e:],
               "JPEG with impossible Huffman tables", INVALID)
    to.refused("long-segment.jpg", plain[:2] + b"\xff\xe1\xff\xff" + plain[2:200],
               "JPEG segment that is longer than the file", INVALID)
    scans = raw.jpeg_many_scans(jpeg(image, progressive=True), 400)
    to.refused("many-scans.jpg", scans, "progressive JPEG with 400 scans too many", INVALID)


def refused_sizes(to, image):
    plain = jpeg(image)
    to.refused("huge-100mp.jpg", raw.jpeg_resized(plain, 10000, 10000),
               "JPEG that claims 100 megapixels", TOO_LARGE)
    to.refused("huge-100mp.png", raw.png(10000, 10000, b"\0" * 64),
               "PNG that claims 100 megapixels", TOO_LARGE)
    to.refused("huge-100mp.webp", raw.webp_lossless_header(10000, 10000),
               "WebP that claims 100 megapixels", TOO_LARGE)
    to.refused("huge-overflow.png", raw.png(2**31 - 1, 2**31 - 1, b"\0" * 64),
               "PNG with the largest sides there are: their product overflows", TOO_LARGE)
    to.refused("long-side.jpg", raw.jpeg_resized(plain, 65500, 8), "JPEG 65,500 pixels wide",
               TOO_LARGE)
    row = b"\0" + bytes(6500)
    to.refused("bomb-41mp.png", raw.png(6500, 6400, row * 6400, colour=raw.GRAY),
               "a real PNG of 41.6 megapixels in few bytes", TOO_LARGE)
    to.refused("no-pixels.png", raw.png(0, 0, b""), "PNG of 0 x 0 pixels", INVALID)
    to.refused("no-pixels.jpg", raw.jpeg_resized(plain, 0, 0), "JPEG of 0 x 0 pixels", INVALID)


def refused_kinds(to, image):
    frames = [image, image.transpose(Image.ROTATE_180)]
    moving = {"save_all": True, "append_images": frames[1:], "duration": 100, "loop": 0}
    to.refused("animated.gif", encoded(image, "GIF", **moving), "animated GIF", UNSUPPORTED)
    to.refused("animated.png", encoded(image, "PNG", **moving), "animated PNG", UNSUPPORTED)
    to.refused("animated.webp", encoded(image, "WEBP", **moving), "animated WebP", UNSUPPORTED)
    to.refused("still.gif", encoded(image, "GIF"), "GIF", UNSUPPORTED)
    to.refused("still.bmp", encoded(image, "BMP"), "BMP", UNSUPPORTED)
    to.refused("still.tif", encoded(image, "TIFF"), "TIFF", UNSUPPORTED)
    to.refused("page.pdf", b"%PDF-1.4\n%%EOF\n", "PDF", UNSUPPORTED)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    to.refused("drawing.svg", svg, "SVG with a script", UNSUPPORTED)


def refused_polyglots(to, image):
    plain, png = jpeg(image), encoded(image, "PNG")
    html = b"\n<!doctype html><script>alert(1)</script>\n"
    archive = raw.empty_zip()
    to.refused("polyglot-html.jpg", plain + html, "JPEG, then a page", INVALID)
    to.refused("polyglot-html.png", png + html, "PNG, then a page", INVALID)
    to.refused("polyglot-html.webp", encoded(image, "WEBP") + html, "WebP, then a page", INVALID)
    to.refused("polyglot-jar.jpg", plain + archive, "JPEG, then an archive (GIFAR)", INVALID)
    to.refused("polyglot-jar-far.jpg", plain + b"\x01" * 100 + archive,
               "JPEG, then padding, then an archive", INVALID)
    to.refused("polyglot-jar.gif", encoded(image, "GIF") + archive, "GIF, then an archive",
               UNSUPPORTED)
    to.refused("polyglot-page-first.jpg", html.lstrip() + plain, "a page, then a JPEG",
               UNSUPPORTED)
    to.refused("polyglot-pdf.jpg", plain + b"%PDF-1.4\n%%EOF\n", "JPEG, then a PDF", INVALID)


def taken_faces(to, portrait):
    """The same portrait in each way of storing it; every one must be recognised alike."""
    size = portrait.size
    keep = {"corners": False, "size": size, "face": True}
    for n in STORED:
        to.taken(f"face-exif-{n}.jpg", oriented(portrait, n, n % 2 == 1),
                 f"a face, EXIF orientation {n}", **keep)
    to.taken("face-progressive.jpg", jpeg(portrait, progressive=True), "a face, progressive",
             **keep)
    to.taken("face-cmyk.jpg", jpeg(portrait.convert("CMYK")), "a face, CMYK", **keep)
    to.taken("face-grey.jpg", jpeg(portrait.convert("L")), "a face, grey", **keep)
    to.taken("face.png", encoded(portrait, "PNG"), "a face, PNG", **keep)
    to.taken("face.webp", encoded(portrait, "WEBP", quality=90), "a face, WebP", **keep)


def write_all(path, portrait=None):
    """Fills the folder; `portrait` (an RGB picture) adds the files that show a face."""
    to, image = Folder(path), sample()
    taken_jpegs(to, image)
    taken_others(to, image)
    refused_broken(to, image)
    refused_sizes(to, image)
    refused_kinds(to, image)
    refused_polyglots(to, image)
    if portrait is not None:
        taken_faces(to, portrait)
    to.close()
    return to.entries
