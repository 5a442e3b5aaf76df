"""Links to clusters.

Links are taken from the surest to the least sure. A link by likeness that would bring two different identifiers of one scheme
together is refused. What was taken forms a forest; a `never` cuts the weakest link between its two names, a `split` cuts every link
of its name. The forest does not depend on them, so another `never` can only part what was together, never join what was apart.

Belongs here: nodes, links, cuts. Must not: read names.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.suppliers.links import Link

# these hold whatever the identifiers say
_ABOVE_IDENTIFIERS = frozenset({"merge", "identifier", "exact"})


class Forest:
    """Links taken, in the order they were taken, and links refused with the reason."""

    def __init__(self, links: Iterable[Link], identifiers: Mapping[str, frozenset[str]]) -> None:
        """`identifiers`: node -> `scheme:value` of its names."""
        self._parent: dict[str, str] = {}
        self._identifiers = dict(identifiers)
        self.taken: list[Link] = []
        self.refused: list[Link] = []
        for link in sorted(links, key=lambda link: (-link.score, link.node_a, link.node_b, link.method)):
            self._take(link)

    def _root(self, node: str) -> str:
        parent = self._parent
        while (above := parent.get(node, node)) != node:
            parent[node] = parent.get(above, above)
            node = above
        return node

    def _take(self, link: Link) -> None:
        a, b = self._root(link.node_a), self._root(link.node_b)
        if a == b:
            return
        known_a, known_b = self._identifiers.get(a), self._identifiers.get(b)
        if known_a and known_b and link.method not in _ABOVE_IDENTIFIERS:
            clash = _clash(known_a, known_b)
            if clash:
                self.refused.append(link._replace(reason=f"identifiers differ: {clash}"))
                return
        self._parent[b] = a
        if known_b:
            self._identifiers[a] = known_b | known_a if known_a else known_b
        self.taken.append(link)


def _clash(known_a: frozenset[str], known_b: frozenset[str]) -> str:
    """Two identifiers of one scheme, none of which the two sides share; "" when they do not clash."""
    if not known_a.isdisjoint(known_b):
        return ""
    schemes = {text.partition(":")[0]: text for text in sorted(known_b)}
    for text in sorted(known_a):
        other = schemes.get(text.partition(":")[0])
        if other:
            return f"{text}, {other}"
    return ""


def without_cuts(taken: Sequence[Link], never: Iterable[tuple[str, str]], split: Iterable[str]) -> list[Link]:
    """The links that stay when each `never` pair loses the weakest link between its nodes and each `split` node all of its own."""
    cut: set[Link] = set()
    never, alone = list(never), set(split)
    if not never and not alone:
        return list(taken)
    cut.update(link for link in taken if link.node_a in alone or link.node_b in alone)
    around = neighbours(taken)
    rank = {link: place for place, link in enumerate(taken)}
    for a, b in never:
        path = _path(around, a, b)
        if path:
            cut.add(max(path, key=rank.__getitem__))
    return [link for link in taken if link not in cut]


def neighbours(links: Iterable[Link]) -> dict[str, list[Link]]:
    around: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        around[link.node_a].append(link)
        around[link.node_b].append(link)
    return around


def reached_from(start: str, around: Mapping[str, Sequence[Link]]) -> Iterator[tuple[str, str, Link]]:
    """(node, the node before it, the link between), outward from `start`."""
    seen, queue = {start}, deque([start])
    while queue:
        node = queue.popleft()
        for link in around.get(node, ()):
            other = link.node_b if link.node_a == node else link.node_a
            if other not in seen:
                seen.add(other)
                queue.append(other)
                yield other, node, link


def _path(around: Mapping[str, Sequence[Link]], a: str, b: str) -> list[Link]:
    came: dict[str, tuple[str, Link]] = {}
    for node, before, link in reached_from(a, around):
        came[node] = (before, link)
        if node == b:
            break
    path: list[Link] = []
    node = b
    while node in came:
        node, link = came[node]
        path.append(link)
    return path
