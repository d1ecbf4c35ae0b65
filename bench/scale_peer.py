"""trafilatura over saved pages, as who has nothing else would call it: what `scale.py` holds reading against.

python bench/scale_peer.py PAGES.json          pairs of a gzipped page's path and its address; prints CPU seconds
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path

import trafilatura


def main() -> None:
    """Read the text and metadata of all pages, and print the processor time of this process, imports included."""
    pages = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    found = 0
    for path, url in pages:
        body = gzip.decompress(Path(path).read_bytes())
        found += trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True) is not None
    sys.stdout.write(json.dumps({"articles": found, "cpu": time.process_time()}))


if __name__ == "__main__":
    main()
