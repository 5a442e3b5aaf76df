"""Overlap: the worked cell, and the same with a pooled budget."""

from . import Section, Worked

SECTION = Section(
    60,
    "Overlap",
    (
        Worked(
            "A cell: several agencies, one thing",
            """
            A cell is a place, a year, a theme and a service at the finest code that all share. S is the
            consolidated spend in it, overlap O is S less the largest agency's, the rate O / S, HHI the sum of
            squared shares, effective agencies 1 / HHI, comparable fragmentation (1 - HHI) / (1 - 1/n).
            Transfers are eliminated first: in the second place the health money is pooled with the council, and
            is no overlap.
            """,
            """
            GAO for the words fragmentation, overlap and duplication; Herfindahl and Hirschman for the index.
            Data shows fragmentation and overlap; duplication of services is a status that a person gives.
            """,
            """
            select case place_code when 'X98660001' then '3.0, 2.0 and 0.5 apart' else 'the 2.0 pooled with the 3.0' end
                    as "£m of three agencies",
                agency_count as "Agencies", spend_gbp as "S £", overlap_gbp as "O £", overlap_rate as "Rate", hhi as "HHI",
                effective_agency_count as "Effective", comparable_fragmentation as "Comparable F"
            from mart_duplication_overlap
            where place_code in ('X98660001', 'X98660002') and grade_scope = 'A-B' and lens = 'service'
                and theme_scheme = 'total_place'
            order by place_code
            """,
        ),
    ),
)
