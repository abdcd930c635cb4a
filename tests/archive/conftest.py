"""Archives to import: small ones written by the tests, and the real one beside the project, if it is there."""

from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def real_archive():
    """The folder of real archives. It is no part of the project; tests that need it are skipped without it."""
    if not (REAL / "digitalgov").is_dir():
        pytest.skip("the real archive (../shared/data beside the project) is not on this machine")
    return REAL


@pytest.fixture
def archive(tmp_path):
    """`archive({"a.md": "text"})` writes an archive and returns its folder; later calls change it."""
    root = tmp_path / "archive"

    def write(files):
        for name, text in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return write
