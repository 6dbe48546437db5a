"""Packed files: gzip and zstd, told by their first bytes whatever they are called, and read unpacked."""

from pathlib import Path
from typing import IO

# by the first bytes; the names are those of Arrow and of the engine
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))


def packing_of(file: Path) -> str:
    """Say how a file is packed: "gzip", "zstd", or "" for not at all."""
    with file.open("rb") as stream:
        start = stream.read(4)
    return next((name for magic, name in _MAGIC if start.startswith(magic)), "")


def open_bytes(file: Path) -> IO[bytes]:
    """Open a file for reading, unpacked."""
    kind = packing_of(file)
    if not kind:
        return file.open("rb")
    import pyarrow as pa

    stream: IO[bytes] = pa.input_stream(str(file), compression=kind)
    return stream
