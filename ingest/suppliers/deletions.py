"""Which keys are one slip of the keyboard apart, without comparing every pair (a symmetric-delete join).

Two keys one edit apart (a letter put in, left out, changed, or two neighbours swapped) share a key with one letter left out. Every
such neighbour is only a 64-bit number here, made from running sums in one pass over all letters, so two million neighbours cost a
sort; equal numbers are candidates, and edit distance decides.

Belongs here: candidates and their distance. Must not: know what the letters mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

Numbers = npt.NDArray[np.uint64]
Indexes = npt.NDArray[np.int64]
_BASE = 0x9E3779B97F4A7C15  # odd, so it has an inverse modulo 2**64
_MIX = np.uint64(0xBF58476D1CE4E5B9)


def one_edit_apart(keys: Sequence[str]) -> tuple[Indexes, Indexes]:
    """Indexes (i, j), i < j, of the distinct keys whose optimal string alignment distance is 1, sorted."""
    left, right = _sharing_a_neighbour(keys)
    if not len(left):
        return left, right
    # distances in one call; what is above 1 reads 2
    distance = process.cpdist(
        [keys[i] for i in left], [keys[j] for j in right], scorer=OSA.distance, score_cutoff=1, dtype=np.uint8, workers=1
    )
    is_near = distance == 1
    return left[is_near], right[is_near]


def _sharing_a_neighbour(keys: Sequence[str]) -> tuple[Indexes, Indexes]:
    hashes, owners = _neighbours(keys)
    order = np.argsort(hashes)
    hashes, owners = hashes[order], owners[order]
    is_repeat = hashes[1:] == hashes[:-1]
    touched = np.zeros(len(hashes), bool)
    touched[1:] |= is_repeat
    touched[:-1] |= is_repeat
    hashes, owners = hashes[touched], owners[touched]
    packed: list[Numbers] = []
    step = 1
    while step < len(hashes):
        same = np.flatnonzero(hashes[step:] == hashes[:-step])
        if not len(same):
            break
        first, second = owners[same], owners[same + step]
        low, high = np.minimum(first, second), np.maximum(first, second)
        other = low != high
        packed.append(low[other].astype(np.uint64) * np.uint64(len(keys)) + high[other].astype(np.uint64))
        step += 1
    if not packed:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    pairs = np.unique(np.concatenate(packed))
    return (pairs // np.uint64(len(keys))).astype(np.int64), (pairs % np.uint64(len(keys))).astype(np.int64)


def _neighbours(keys: Sequence[str]) -> tuple[Numbers, Indexes]:
    """One number for each key and for each key with one letter left out, and the key it belongs to."""
    lengths = np.fromiter(map(len, keys), np.int64, len(keys))
    letters = np.frombuffer("".join(keys).encode("utf-32-le"), np.uint32).astype(np.uint64)
    if not len(letters):
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    letters = (letters + np.uint64(1)) * _MIX
    letters ^= letters >> np.uint64(29)
    letters *= _MIX
    starts = np.cumsum(lengths) - lengths
    owners = np.repeat(np.arange(len(keys)), lengths)
    places = np.arange(len(letters)) - starts[owners]
    powers = np.cumprod(np.full(int(lengths.max()), _BASE, np.uint64))
    terms = letters * powers[places]
    sums = np.cumsum(terms)
    before_key = np.where(starts > 0, sums[np.maximum(starts - 1, 0)], np.uint64(0))
    totals = np.where(lengths > 0, sums[np.maximum(starts + lengths - 1, 0)] - before_key, np.uint64(0))
    upto = sums - before_key[owners]  # with the letter itself
    inverse = np.uint64(pow(_BASE, -1, 2**64))
    without = (upto - terms) + (totals[owners] - upto) * inverse  # what follows moves up one place
    return np.concatenate([totals, without]), np.concatenate([np.arange(len(keys)), owners])
