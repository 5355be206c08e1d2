# SPDX-License-Identifier: MIT
"""Picture files put together by hand, where Pillow would not write what a test needs."""
import struct
import zlib


def chunk(kind, body):
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
GRAY, RGB = 0, 2


def png(width, height, rows, colour=RGB, depth=8, interlaced=False):
    """A PNG of already filtered rows (bytes, each row with its filter byte)."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    data = chunk(b"IDAT", zlib.compress(rows, 9))
    return PNG_SIGNATURE + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def png_16bit(image):
    """Sixteen bits a channel; the low byte differs from the high one."""
    rows = b""
    for y in range(image.height):
        rows += b"\0"
        for x in range(image.width):
            for value in image.getpixel((x, y)):
                rows += bytes((value, 255 - value))
    return png(image.width, image.height, rows, depth=16)


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2))


def png_interlaced(image):
    """Adam7: seven passes, each a smaller picture."""
    rows = b""
    for x0, y0, dx, dy in ADAM7:
        for y in range(y0, image.height, dy):
            xs = range(x0, image.width, dx)
            if len(xs):
                rows += b"\0" + b"".join(bytes(image.getpixel((x, y))) for x in xs)
    return png(image.width, image.height, rows, interlaced=True)


def png_chunks(file):
    """Yields (kind, start, end) of each chunk, frame included."""
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(file):
        length, kind = struct.unpack(">I4s", file[at : at + 8])
        yield kind, at, at + 12 + length
        at += 12 + length


def jpeg_segments(file):
    """Yields (marker, start, end) of the segments up to the first scan, its header included."""
    at = 2
    while at + 4 <= len(file) and file[at] == 0xFF:
        marker, length = file[at + 1], struct.unpack(">H", file[at + 2 : at + 4])[0]
        yield marker, at, at + 2 + length
        at += 2 + length
        if marker == 0xDA:
            return


def jpeg_resized(file, width, height):
    """The same JPEG, its header claiming another size."""
    for marker, start, _ in jpeg_segments(file):
        if marker in (0xC0, 0xC1, 0xC2):
            return file[: start + 5] + struct.pack(">HH", height, width) + file[start + 9 :]
    raise ValueError("no frame header")


def jpeg_with(file, marker, body):
    """The same JPEG with one more segment right after its start."""
    return file[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body + file[2:]


def exif(orientation, big_endian):
    """An EXIF block that holds the orientation and nothing else."""
    order = ">" if big_endian else "<"
    head = (b"MM" if big_endian else b"II") + struct.pack(order + "HI", 42, 8)
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0" + head + struct.pack(order + "H", 1) + entry + struct.pack(order + "I", 0)


def scan_end(file, start):
    """Where the entropy-coded data that starts at `start` ends: the next marker that is not RST."""
    at = start
    while at + 1 < len(file):
        if file[at] == 0xFF and file[at + 1] != 0 and not 0xD0 <= file[at + 1] <= 0xD7:
            return at
        at += 1
    return len(file)


def jpeg_many_scans(progressive, times):
    """A progressive JPEG whose first scan comes `times` times more."""
    for marker, start, end in jpeg_segments(progressive):
        if marker == 0xDA:
            stop = scan_end(progressive, end)
            scan = progressive[start:stop]
            return progressive[:stop] + scan * times + progressive[stop:]
    raise ValueError("no scan")


def webp_lossless_header(width, height):
    """A WebP whose lossless header claims a size and whose data are missing."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + b"\0" * 27
    riff = b"VP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(riff)) + b"WEBP" + riff


def empty_zip():
    """A ZIP archive with one empty file."""
    name = b"a.class"
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0)
    local = b"PK\x03\x04" + fields + name
    central = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, 0)
    central += name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end
