"""What the commands of the registry do: a first file for an outlet, a fixture of a page, rules that nobody declared.

scouting    an outlet's pages and documents, asked once → what its file would say
adding      … and the file
recording   an article of an outlet → a fixture pair without anybody's prose
checking    an outlet's robots.txt, feeds and sitemaps, asked
counting    the stored tables → lines that an outlet prints again and again, and its file with rules for them
"""

from presswatch.registrar.adding import Added, add_outlet
from presswatch.registrar.checking import check_outlet
from presswatch.registrar.counting import apply_stop, find_stop
from presswatch.registrar.recording import Recorded, record_page

__all__ = ["Added", "Recorded", "add_outlet", "apply_stop", "check_outlet", "find_stop", "record_page"]
