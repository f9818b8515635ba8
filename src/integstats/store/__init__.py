"""The data folders: raw snapshots as the publishers answered, and what was computed from them.

Nothing else in the package reads or writes the data folders. A snapshot is a folder
``raw/<publisher>/<dataset>/<vintage>/`` with parts, byte for byte as they came, and a
``manifest.json`` written last. Nothing is ever merged on disk.
"""

from integstats.store.files import atomic_write
from integstats.store.processed import read_processed, write_processed
from integstats.store.roots import checkout, read_roots, write_root
from integstats.store.snapshot import Part, Snapshot, read, snapshots, vintage_id
from integstats.store.writer import SnapshotWriter, writing

__all__ = [
    "Part",
    "Snapshot",
    "SnapshotWriter",
    "atomic_write",
    "checkout",
    "read",
    "read_processed",
    "read_roots",
    "snapshots",
    "vintage_id",
    "write_processed",
    "write_root",
    "writing",
]
