"""The files of an HSDS export: a folder, a zip, or one CSV or JSON file."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cli.import_files import FileProblem

MOST_BYTES = 1 << 30
"""All files together; a state's directory has some tens of megabytes."""
_READ = (".csv", ".json")
_TOO_LARGE = f"This is more than {MOST_BYTES >> 20} MB; it is no directory."


def export_files(path: Path) -> dict[str, bytes]:
    """The CSV and JSON files of an export, by name.

    Raises:
        FileProblem: they cannot be read, or are too large to be a directory.
    """
    try:
        if path.is_dir():
            return _folder(path)
        if zipfile.is_zipfile(path):
            return _zipped(path)
        _weigh(path.stat().st_size)
        return {path.name: path.read_bytes()}
    except FileNotFoundError:
        raise FileProblem(f"There is no file or folder {path}; check the path.") from None
    except PermissionError:
        raise FileProblem(f"{path} may not be read by this user; check its permissions.") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise FileProblem(f"{path.name} is damaged, or needs a password; make it anew.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a usable path"
        raise FileProblem(f"{path} cannot be read: {reason}.") from None


def _folder(path: Path) -> dict[str, bytes]:
    found = [one for one in sorted(path.iterdir()) if one.suffix.lower() in _READ]
    _weigh(sum(one.stat().st_size for one in found))
    return {one.name: one.read_bytes() for one in found}


def _zipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        wanted = [info for info in archive.infolist() if _is_read(info)]
        _weigh(sum(info.file_size for info in wanted))
        return dict(_inflated(archive, wanted))


def _is_read(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(info.filename)
    # macOS adds a second file beside each.
    ours = "__MACOSX" not in name.parts and not name.name.startswith(".")
    return ours and name.suffix.lower() in _READ


def _inflated(
    archive: zipfile.ZipFile, wanted: list[zipfile.ZipInfo]
) -> Iterator[tuple[str, bytes]]:
    """Every file, in no more bytes than the archive says it has."""
    for info in wanted:
        with archive.open(info) as file:
            yield PurePosixPath(info.filename).name, file.read(info.file_size)


def _weigh(size: int) -> None:
    if size > MOST_BYTES:
        raise FileProblem(_TOO_LARGE)
