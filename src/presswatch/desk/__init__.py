"""What the commands at the desk do: tell all of one address, take one out for good, look after the data folder.

explaining    an address → what raw, state and tables know of it        dossier    … why, and what to do next
forgetting    what `forget` would take out; the work itself is `presswatch.forgetter`'s, in a run of `pipeline`
examining     the data folder → what is so                              ailments   … what is wrong, and what mends it
mending       … and does it
standing      tables and state → how things stand, and how a run went, in words
"""

from presswatch.desk.ailments import Finding, Health, as_rows, diagnose
from presswatch.desk.dossier import Facts, Verdict, as_json, judge, tell_sections
from presswatch.desk.examining import examine
from presswatch.desk.explaining import explain_url
from presswatch.desk.forgetting import Forgettable, find_forgotten, preview_forget, tell_forgotten
from presswatch.desk.mending import mend, need_folder
from presswatch.desk.standing import describe_run, describe_status

__all__ = [
    "Facts",
    "Finding",
    "Forgettable",
    "Health",
    "Verdict",
    "as_json",
    "as_rows",
    "describe_run",
    "describe_status",
    "diagnose",
    "examine",
    "explain_url",
    "find_forgotten",
    "judge",
    "mend",
    "need_folder",
    "preview_forget",
    "tell_forgotten",
    "tell_sections",
]
