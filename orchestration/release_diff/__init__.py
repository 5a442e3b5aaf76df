"""Why two releases differ: each changed figure, and the revision, rule, mapping, registry row or code that changed it.

Belongs here: reading two releases and accounting for the difference, to the penny. Must not: print (that is the command), nor
change either release.

`shapes` what comes out; `money` what the two databases say, as rows; `attribution` the arithmetic, pure; `causes` the naming;
`facts` what changed beside money; `compare` the whole.
"""

from orchestration.release_diff.compare import compare_releases as compare_releases
from orchestration.release_diff.shapes import Cause as Cause
from orchestration.release_diff.shapes import ChangedFigure as ChangedFigure
from orchestration.release_diff.shapes import ReleaseDiff as ReleaseDiff
