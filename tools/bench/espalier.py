"""A reader of Espalier files in Python, written from schema/FORMAT.md and schema/espalier.proto alone.

It checks every checksum and length, and reads files of parts without pages.
"""

import struct
import zlib
from dataclasses import dataclass

import numpy

TRUNK, HEAD, WEIGHTS = 1, 2, 3
NONE, DEFLATE, PLANES = 1, 2, 3
BLOCK = 65_536


class FormatError(Exception):
    """The file is not what FORMAT.md says."""


@dataclass
class Section:
    kind: int
    name: str
    digest: bytes
    stored: int  # bytes of the whole section field
    codec: int
    width: int  # bytes of an element, with the codec planes
    raw: bytes


def demand(condition, message):
    if not condition:
        raise FormatError(message)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def message(data):
    """The fields of a message: for each number the values in their order."""
    fields, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
            demand(len(value) == length, "a field ends behind its message")
        else:
            size = {1: 8, 5: 4}[tag & 7]
            value, at = data[at:at + size], at + size
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def packed(values):
    """The numbers of a packed repeated field."""
    numbers = []
    for value in values:
        at = 0
        while at < len(value):
            number, at = varint(value, at)
            numbers.append(number)
    return numbers


def only_field(data, number):
    """The content of the one field that these bytes are."""
    fields = message(data)
    demand(list(fields) == [number] and len(fields[number]) == 1, f"no field {number} alone")
    return fields[number][0]


def read(data):
    """The sections of a file, decoded, in the order of the file."""
    parts, end = [], len(data)
    while end > 0:
        start, sections = part(data, end)
        parts.insert(0, sections)
        end = start
    return [section for sections in parts for section in sections]


def part(data, end):
    """Where the part that ends at a byte begins, and its sections."""
    trailer = data[end - 64:end]
    demand(trailer[:2] == b"\x22\x3e", "no trailer")
    part_bytes, index_bytes = (struct.unpack_from("<Q", trailer, at)[0] for at in (3, 12))
    index_crc, version = (struct.unpack_from("<I", trailer, at)[0] for at in (21, 26))
    demand(trailer[32:59] == b"ESPALIER-PART-END".ljust(27, b"\0"), "no trailer")
    start, index_start = end - part_bytes, end - 64 - index_bytes
    demand(0 <= start and start + 17 <= index_start, "the part does not fit")
    header = data[start:start + 17]
    crc = struct.unpack_from("<I", trailer, 60)[0]
    demand(zlib.crc32(header + trailer[:59]) == crc, "header or trailer are damaged")
    demand(version == 1, f"version {version}")
    demand(header == b"\x0a\x0f\x0a\x08ESPALIER\x15" + struct.pack("<I", version), "no header")

    index_field = data[index_start:end - 64]
    demand(zlib.crc32(index_field) == index_crc, "the index is damaged")
    index = message(only_field(index_field, 3))
    demand(2 not in index, f"the features {index.get(2)} are required")
    sections, at = [], start + 17
    for entry in map(message, index.get(1, [])):
        length = entry[3][0]
        sections.append(section(data, at, length, entry))
        at += length
    demand(at == index_start, "the sections do not fill the part")
    return start, sections


def section(data, at, length, entry):
    field = data[at:at + length]
    crc = struct.unpack("<I", entry[4][0])[0]
    demand(len(field) == length and zlib.crc32(field) == crc, f"section {entry[2][0]} is damaged")
    fields = message(only_field(field, 2))
    demand(fields[1] == entry[1] and fields[2] == entry[2], "index and section differ")
    codec, raw_bytes, payload = fields[3][0], fields[4][0], fields[15][0]
    width = fields.get(5, [0])[0]
    if codec == NONE:
        raw = payload
    elif codec == DEFLATE:
        raw = zlib.decompress(payload)
    else:
        demand(codec == PLANES, f"codec {codec}")
        raw = joined(payload, raw_bytes, width, packed(fields[6]))
    demand(len(raw) == raw_bytes, "raw_bytes is wrong")
    return Section(entry[1][0], entry[2][0].decode(), entry[5][0], length, codec, width, raw)


def joined(payload, raw_bytes, width, chunk_bytes):
    """Elements put together from their byte planes."""
    blocks, at, sizes = [], 0, iter(chunk_bytes)
    for first in range(0, raw_bytes // width, BLOCK):
        count = min(BLOCK, raw_bytes // width - first)
        planes = []
        for _ in range(width):
            size = next(sizes)
            chunk, at = payload[at:at + size], at + size
            plane = chunk if size == count else zlib.decompress(chunk, wbits=-15)
            planes.append(numpy.frombuffer(plane, numpy.uint8))
        elements = numpy.stack(planes, axis=1).reshape(-1)
        blocks.append(rotated(elements.tobytes(), width, left=False))
    demand(at == len(payload) and next(sizes, None) is None, "chunk_bytes is wrong")
    return b"".join(blocks)


def rotated(raw, width, left):
    """Elements of 2 and 4 bytes with their bits rotated by one, others as they are."""
    if width not in (2, 4):
        return raw
    bits = numpy.frombuffer(raw, f"<u{width}")
    by, rest = (1, 8 * width - 1) if left else (8 * width - 1, 1)
    return (bits << by | bits >> rest).astype(f"<u{width}").tobytes()
