"""What the commands at the desk do: tell all of one address, take one out for good, look after the data folder.

explaining    an address → what raw, state and tables know of it        dossier    … why, and what to do next
forgetting    what `forget` would take out; the work itself is `presswatch.forgetter`'s, in a run of `pipeline`
"""

from presswatch.desk.dossier import Facts, Verdict, as_json, judge, tell_sections
from presswatch.desk.explaining import explain_url
from presswatch.desk.forgetting import Forgettable, preview_forget, tell_forgotten

__all__ = [
    "Facts",
    "Forgettable",
    "Verdict",
    "as_json",
    "explain_url",
    "judge",
    "preview_forget",
    "tell_forgotten",
    "tell_sections",
]
