"""Writes the bank of bad returns: small files, one quirk each, every byte made up here, none copied.

Run it after adding a file (`python tests/bank/write_bank.py`); say in expected.csv, by hand, what must come of it.
"""

# ruff: noqa: E501  documents are written in one piece
from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.fuzz import documents as made

BANK = Path(__file__).parent
HEAD = "Date,Supplier,Reference,Amount"
LINES = "03/06/2024,Acme Ltd,R1,100.00\n14/06/2024,Bolt & Co,R2,250.50\n"
COUNT_HEAD = "agency_slug,financial_year,place_code,flow,service_code,amount_gbp"


def lines(count: int, *more: str) -> str:
    """A header, `count` ordinary lines of £10.00, then the lines given."""
    rows = [f"{day:02d}/06/2024,Supplier {day},R{day},10.00" for day in range(1, count + 1)]
    return "\n".join([HEAD, *rows, *more]) + "\n"


def counts(count: int, *more: str) -> str:
    rows = [f"tallwick-borough-council,2024-25,E07000120,outlay,0{n}.1,10.00" for n in range(1, count + 1)]
    return "\n".join([COUNT_HEAD, *rows, *more]) + "\n"


GRANT_HEAD = "Identifier,Title,Description,Currency,Amount Awarded,Award Date,Recipient Org:Name,Funding Org:Name"
FUNDING_HEAD = "payer_agency,payee_agency,financial_year,funding_route,amount_gbp"
FUNDING = "northmere-nhs-trust,tallwick-borough-council,2024-25,unringfenced_grant,10.00\n"
BARRIER_HEAD = (
    "respondent_agency,place_code,financial_year,barrier_type,theme_code,counterpart_agency,severity,status,"
    "raised_date,resolved_date"
)
ARRANGEMENT_HEAD = (
    "arrangement_id,place_code,financial_year,arrangement_kind,host_agency,party_agencies,amount_gbp,start_date,end_date"
)
ARRANGEMENT = "JA1,E07000120,2024-25,s75_pooled,tallwick-borough-council,tallwick-borough-council,10.00,2024-04-01,\n"
BOARD_HEAD = "body_id,place_code,body_name,member_agencies,third_sector_seats,decides_money,start_date,end_date"
ASK_HEAD = "ask_id,place_code,asking_agency,asked_agency,ask,status,asked_date,answered_date"
OUTCOME_HEAD = "place_code,financial_year,indicator_code,indicator_name,value,unit,better"
OUTCOME = "E07000120,2024-25,NEET,Not in education,5.2,per cent,lower\n"
SAVE_HEAD = "proposal_id,place_code,title,investing_agency,benefiting_agency,financial_year,cost_gbp,benefit_gbp,cashable_share"
SAVE = "P1,E07000120,Advice,tallwick-borough-council,northmere-nhs-trust,2024-25,5.00,10.00,0.4\n"


def grant(number: int, day: str = "2024-06-03", amount: str = "100.00", **other: str) -> str:
    """An award in the columns of GRANT_HEAD."""
    cells = {"title": "Hall", "currency": "GBP", "recipient": "Hall Trust"} | other
    funder = "Tallwick Borough Council"
    return f"G{number},{cells['title']},Repairs,{cells['currency']},{amount},{day},{cells['recipient']},{funder}"


def grants(count: int) -> str:
    return "".join(f"{grant(number)}\n" for number in range(1, count + 1))


def barrier(**other: str) -> str:
    """A line of BARRIER_HEAD."""
    good = "tallwick-borough-council,E07000120,2024-25,boundary,older_people,northmere-nhs-trust,3,raised,2024-06-03,"
    return ",".join((dict(zip(BARRIER_HEAD.split(","), good.split(","), strict=True)) | other).values()) + "\n"


TEXTS: dict[str, str] = {
    # header rows and titles
    "header_last.csv": f"{LINES}27/06/2024,Cobble Ltd,R3,-25.25\n{HEAD}\n",
    "header_last_with_gaps.csv": f"03/06/2024,Acme Ltd,R1,100.00\n14/06/2024,,R2,250.50\n,Total,,350.50\n{HEAD}\n",
    "nine_title_lines.csv": "Tallwick Borough Council\nSpending over £500\n\nJune 2024\nTotal: £350.50,,,\n"
    "Issued by Finance\n"
    f"Notes,see website\n(unaudited),,,\nPage 1\n{HEAD}\n{LINES}",
    "second_header_shifted.csv": "Date,Supplier,Reference,Amount,Narrative\n03/06/2024,Acme Ltd,R1,100.00,paint\n"
    "04/06/2024,Bolt & Co,R2,200.00,bolts\nDate,Supplier,Amount,Narrative\n05/06/2024,Cobble Ltd,30.00,stone\n"
    "06/06/2024,Dray Ltd,4.50,hire\n",
    "slipped_sideways.csv": "Date,Supplier,Description,Amount\n03/06/2024,Acme Ltd,paint,100.00\n10/06/2024,Bolt & Co,250.50,\n",
    "drifting_headers.csv": "Organisatonal Unit,Expenditure Catergory, Suppklier ,Date of Payment ,* Net Amount (£) \n"
    ""
    "Parks,Trees,Acme Ltd,03/06/2024,100.00\nRoads,Tar,Bolt & Co,14/06/2024,250.50\n",
    "unnamed_columns.csv": f"Date,Supplier,Amount{',' * 72}\n03/06/2024,Acme Ltd,100.00{',' * 72}\n",
    "duplicate_columns.csv": "Date,Supplier,Amount,Amount\n03/06/2024,Acme Ltd,100.00,120.00\n04/06/2024,Bolt & Co,10.00,12.00\n",
    "ragged_rows.csv": "Date,Supplier,Amount,Narrative\n03/06/2024,Acme Ltd,100.00\n04/06/2024,Bolt & Co,10.00,bolts,extra,\n",
    "header_only.csv": f"{HEAD}\n",
    "no_header.csv": LINES,
    "header_lacks_amount.csv": "Date,Supplier,Cost of it\n03/06/2024,Acme Ltd,100.00\n",
    "drifted_names.csv": "Supliers,Pay Date,Net Amt (£)\nAcme Ltd,03/06/2024,100.00\nBolt & Co,14/06/2024,250.50\n",
    "drifted_names_of_some.csv": "Date,Payed To,Amount\n03/06/2024,Acme Ltd,100.00\n14/06/2024,Bolt & Co,250.50\n",
    "two_money_columns.csv": "Date,Supplier,Net Amt,Gross Amt\n03/06/2024,Acme Ltd,100.00,120.00\n"
    "04/06/2024,Bolt & Co,10.00,12.00\n",
    "drifted_header_below.csv": "Date,Supplier,Reference,Amount\n03/06/2024,Acme Ltd,R1,100.00\n04/06/2024,Bolt & Co,R2,200.00\n"
    "Date,Suplier Name,Amt (£),Reference\n05/06/2024,Cobble Ltd,30.00,R3\n06/06/2024,Dray Ltd,4.50,R4\n",
    "unknown_header_below.csv": "Date,Supplier,Reference,Amount\n03/06/2024,Acme Ltd,R1,100.00\n04/06/2024,Bolt & Co,R2,200.00\n"
    "Date,Supplier,Worth,Tax\n05/06/2024,Cobble Ltd,30.00,6.00\n06/06/2024,Dray Ltd,4.50,0.90\n",
    "amount_column_of_words.csv": "Date,Supplier,Amount,Paid Out\n03/06/2024,Acme Ltd,see right,100.00\n"
    "04/06/2024,Bolt & Co,see right,10.00\n",
    "namesake_holds_the_money.csv": "Date,Supplier,Amount,Amount\n03/06/2024,Acme Ltd,GBP,100.00\n04/06/2024,Bolt & Co,GBP,10.00\n",
    "supplier_codes.csv": f"{HEAD}\n03/06/2024,S10023,R1,100.00\n14/06/2024,S10077,R2,250.50\n",
    "notes_below.csv": f"{HEAD}\n{LINES}\nThese payments leave out salaries\nContact finance@tallwick.example,,,\n",
    # totals
    "total_rows.csv": f"{HEAD}\n{LINES},Grand Total,,350.50\n,,,350.50\n",
    "total_in_date_column.csv": f"{HEAD}\n{LINES}Total,,,350.50\n",
    "section_subtotals.csv": "Department,Date,Supplier,Amount\n"
    "Parks,03/06/2024,Acme Ltd,100.00\nParks,04/06/2024,Bolt & Co,200.00\n"
    "Parks,,,300.00\nRoads,05/06/2024,Cobble Ltd,30.00\nRoads,06/06/2024,Dray Ltd,4.50\nRoads,,,34.50\n,,,334.50\n",
    "total_suppliers.csv": f"{HEAD}\n03/06/2024,TOTAL GAS & POWER,,100.00\n04/06/2024,Total Hygiene,R2,12.00\n,Total,,112.00\n",
    "large_loan.csv": f'{HEAD}\n{LINES}28/06/2024,Public Works Loan Board,R3,"120,600,000.00"\n',
    # white space, delimiters
    "thousand_blank_lines.csv": f"{HEAD}\n{LINES}" + "\n" * 500 + ",,,\n" * 500,
    "semicolons.csv": "Date;Supplier;Amount\n03/06/2024;Acme Ltd;1,100.00\n14/06/2024;Bolt & Co;250.50\n",
    "tabs.csv": "Date\tSupplier\tAmount\n03/06/2024\tAcme, Ltd\t1,100.00\n14/06/2024\tBolt & Co\t250.50\n",
    "line_breaks_in_cells.csv": 'Date,Supplier,Description,Amount\n03/06/2024,Acme Ltd,"paint\nblue, ""matt""\r\n'
    '5 l",100.00\n'
    ""
    '14/06/2024,"Bolt\n& Co",bolts,250.50\n',
    "unclosed_quote.csv": f'{HEAD}\n{LINES}15/06/2024,"Cobble Ltd,R3,10.00\n16/06/2024,Dray Ltd,R4,5.00\n',
    "unclosed_quote_after_amount.csv": 'Date,Supplier,Amount,Narrative\n03/06/2024,Acme Ltd,100.00,"12" pipe\n'
    '04/06/2024,Bolt & Co,50.00,bolts\n05/06/2024,Cobble Ltd,25.00,"stone\n06/06/2024,Dray Ltd,5.00,hire\n',
    "quote_swallows_lines.csv": 'Date,Supplier,Amount,Narrative\n03/06/2024,Acme Ltd,100.00,"paint\n'
    '04/06/2024,Bolt & Co,50.00,bolts\n05/06/2024,Cobble Ltd,25.00,"stone"\n',
    # dates
    "three_date_forms.csv": f"{HEAD}\n03/06/2024,Acme Ltd,R1,1.00\n14-Jun-24,Bolt & Co,R2,2.00\n"
    f"2024-06-27,Cobble Ltd,R3,4.00\n"
    "45450,Dray Ltd,R4,8.00\n",
    "zero_dates.csv": f"{HEAD}\n00:00:00,Acme Ltd,R1,100.00\n00:00:00,Bolt & Co,R2,250.50\n",
    "zero_dates_june_2024.csv": f"{HEAD}\n00:00:00,Acme Ltd,R1,100.00\n00:00:00,Bolt & Co,R2,250.50\n",
    "zero_dates_2024-06.csv": f"{HEAD}\n00:00:00,Acme Ltd,R1,100.00\n00:00:00,Bolt & Co,R2,250.50\n",
    "excel_serials.csv": f"{HEAD}\n45446,Acme Ltd,R1,100.00\n45457,Bolt & Co,R2,250.50\n45470,Cobble Ltd,R3,1.00\n",
    "us_dates.csv": f"{HEAD}\n06/03/2024,Acme Ltd,R1,100.00\n06/14/2024,Bolt & Co,R2,250.50\n06/27/2024,Cobble Ltd,R3,1.00\n",
    "date_out_of_period.csv": lines(5, "03/06/2014,Slip Ltd,R9,99.00"),
    "date_year_9999.csv": lines(5, "31/12/9999,Slip Ltd,R9,99.00"),
    "every_date_year_9999.csv": f"{HEAD}\n31/12/9999,Slip Ltd,R9,99.00\n",
    # money
    "money_forms.csv": f'{HEAD}\n01/06/2024,A Ltd,R1,"1,234.50-"\n02/06/2024,B Ltd,R2,"(1,000.00)"\n'
    '03/06/2024,C Ltd,R3,"£1,234"\n04/06/2024,D Ltd,R4,1616.23 \n05/06/2024,E Ltd,R5,-50.00\n'
    "06/06/2024,F Ltd,R6,12.50 CR\n"
    "07/06/2024,G Ltd,R7,+7.25\n08/06/2024,H Ltd,R8,1.5E2\n",
    "money_unreadable.csv": lines(4, "21/06/2024,P Ltd,R21,(-5.00)", '22/06/2024,Q Ltd,R22,"1,23"', "23/06/2024,R Ltd,R23,tba"),
    "money_many_decimals.csv": f"{HEAD}\n03/06/2024,Acme Ltd,R1,10.005\n14/06/2024,Bolt & Co,R2,10.015\n",
    "amount_missing.csv": lines(5, "28/06/2024,Blank Ltd,R28,"),
    "amount_absurd.csv": lines(9, "27/06/2024,Big Ltd,R27,2000000000.00", "28/06/2024,Ref Ltd,R28,12345678901234567890"),
    "repeated_lines.csv": lines(3, "03/06/2024,Supplier 3,R3,10.00", "03/06/2024,Supplier 3,R3,10.00"),
    # payees and places
    "redacted_payees.csv": f"{HEAD}\n03/06/2024,REDACTED PERSONAL DATA,R1,1.00\n"
    "04/06/2024,REDACTED COMMERICAL CONFIDENTIALITY,R2,2.00\n05/06/2024,THIRD PARTY SUPPLIER,R3,4.00\n"
    "06/06/2024,REDACTIVE PUBLISHING LTD,R4,8.00\n",
    "payee_blank.csv": lines(5, "28/06/2024,,R28,1.00"),
    "unknown_publisher.csv": f"{HEAD}\n{LINES}",
    "count_unknown_place.csv": counts(
        8,
        "tallwick-borough-council,2024-25,E99999999,outlay,09,1.00",
        "tallwick-borough-council,2024-25,E07000026,outlay,09,2.00",
    ),
    "count_place_before_it_ended.csv": counts(1, "tallwick-borough-council,2022-23,E07000026,outlay,09,2.00"),
    "count_service_4_5.csv": counts(
        1, "tallwick-borough-council,2024-25,,outlay,4.5,5.00", "tallwick-borough-council,2024/25,,Outlay,9,7.00"
    ),
    "count_unreadable_years.csv": counts(
        2, "tallwick-borough-council,24-25,,outlay,09,1.00", "tallwick-borough-council,0000-01,E07000120,outlay,09,2.00"
    ),
    "count_without_agency.csv": counts(5, ",2024-25,,outlay,09,1.00"),
    "count_hostile_agency.csv": counts(5, "../../../../escape,2024-25,,outlay,09,1.00"),
    # not what the name says
    "web_page.csv": "<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head><body>no</body></html>\n",
    "really_json.csv": '[{"Date": "03/06/2024", "Amount": 100.0}]',
    "commas_only.csv": ",,,\n,,,\n",
    # awards and card payments
    "grants_360.csv": "Identifier,Title,Amount Awarded,Award Date,Recipient Org:Name,Funding Org:Name\n"
    "1,Hall,100.00,2024-06-03,Hall Trust,Fund\n",
    "grants_titles_from_json.csv": f"{GRANT_HEAD.replace('Org:', 'Org:0:')}\n{grant(1)}\n{grant(2)}\n",
    "grants_over_two_years.csv": f"{GRANT_HEAD}\n{grant(1)}\n{grant(2, day='2023-06-03')}\n{grant(3)}\n",
    "grants_in_euros.csv": f"{GRANT_HEAD}\n{grants(5)}{grant(6, currency='EUR')}\n",
    "grants_repeated_identifier.csv": f"{GRANT_HEAD}\n{grant(1)}\n{grant(1, amount='50.00')}\n",
    "grants_negative.csv": f"{GRANT_HEAD}\n{grant(1)}\n{grant(2, amount='-25.00')}\n",
    "grants_undated.csv": f"{GRANT_HEAD}\n{grants(5)}{grant(6, day='')}\n{grant(7, day='soon')}\n",
    "grants_to_a_person.csv": f"{GRANT_HEAD},Recipient Ind:Name\n{grant(1)},\n{grant(2, recipient='')},Pat Example\n",
    "grants_total_is_a_title.csv": f"{GRANT_HEAD}\n{grant(1, title='Total Wellbeing')}\n,Total,,,100.00,,,\n",
    "grants_without_award_date.csv": "Identifier,Amount Awarded,Recipient Org:Name\n1,100.00,Hall Trust\n",
    "card_merchants.csv": "Transaction Date,Merchant Name,MCC,Net Amount\n03/06/2024,Stationer Ltd,5111,12.50\n"
    "04/06/2024,Stationer Ltd,5111,-2.50\n",
    "card_date_out_of_period.csv": "Transaction Date,Merchant,Amount\n03/06/2024,Stationer Ltd,12.50\n"
    "04/06/2024,Grocer Ltd,1.00\n05/06/2024,Grocer Ltd,1.00\n06/06/2024,Grocer Ltd,1.00\n04/06/2014,Slip Ltd,9.00\n",
    "spend_with_merchant_category.csv": "Date,Supplier,Merchant Category,Amount\n03/06/2024,Acme Ltd,Paint,100.00\n",
    # the project's own templates
    "funding_payee_unknown.csv": f"{FUNDING_HEAD}\n{FUNDING * 4}"
    "northmere-nhs-trust,nobody-council,2024-25,unringfenced_grant,1.00\n",
    "funding_route_unlisted.csv": f"{FUNDING_HEAD}\n{FUNDING * 4}northmere-nhs-trust,tallwick-borough-council,2024-25,gift,1.00\n",
    "benefits_lack_a_column.csv": "agency_slug,benefit_code,place_code,financial_year,amount_gbp\n"
    "northmere-nhs-trust,UC,E07000120,2024-25,10.00\n",
    "barriers_each_fault.csv": f"{BARRIER_HEAD}\n"
    + barrier() * 12
    + barrier(barrier_type="laziness")
    + barrier(severity="6")
    + barrier(severity="high")
    + barrier(theme_code="happiness")
    + barrier(resolved_date="2024-05-01")
    + barrier(raised_date="")
    + barrier(place_code="E99999999")
    + barrier(counterpart_agency="nobody-council"),
    "barriers_words_in_capitals.csv": f"{BARRIER_HEAD}\n" + barrier(barrier_type="Data sharing legal", status="Raised"),
    "enablers_of_two_agencies.csv": "respondent_agency,place_code,financial_year,enabler_type,effect,status,raised_date\n"
    "tallwick-borough-council,E07000120,2024-25,co-location,4,accepted,03/06/2024\n"
    "northmere-nhs-trust,E07000120,2024-25,trust,3,accepted,14/06/2024\n",
    "arrangement_ends_first.csv": f"{ARRANGEMENT_HEAD}\n"
    + ARRANGEMENT * 4
    + "JA2,E07000120,2024-25,shared_service,,tallwick-borough-council,5.00,2024-04-01,2023-04-01\n",
    "arrangement_without_host_or_money.csv": f"{ARRANGEMENT_HEAD}\n"
    "JA3,E07000120,2024-25,data_sharing_agreement,,tallwick-borough-council;northmere-nhs-trust,,2024-04-01,\n",
    "arrangement_party_unknown.csv": f"{ARRANGEMENT_HEAD}\n"
    "JA4,E07000120,2024-25,co_location,tallwick-borough-council,tallwick-borough-council; nobody-council,,,\n",
    "boards.csv": f"{BOARD_HEAD}\nGB1,E07000120,Health board,northmere-nhs-trust,0,no,2015-04-01,\n"
    "GB2,E07000120,Place board,tallwick-borough-council,3,Yes,2024-06-01,\n",
    "boards_undated.csv": f"{BOARD_HEAD}\nGB1,E07000120,Health board,northmere-nhs-trust,,,,\n",
    "boards_undated_2024-25.csv": f"{BOARD_HEAD}\nGB1,E07000120,Health board,northmere-nhs-trust,,,,\n",
    "boards_seats_negative.csv": f"{BOARD_HEAD}\n"
    + "GB1,E07000120,Board,northmere-nhs-trust,1,true,2024-04-01,\n" * 4
    + "GB2,E07000120,Board,northmere-nhs-trust,-1,true,2024-04-01,\nGB3,E07000120,Board,northmere-nhs-trust,1,mostly,2024-04-01,\n",
    "asks_of_two_years.csv": f"{ASK_HEAD}\nA1,E07000120,tallwick-borough-council,northmere-nhs-trust,Share it,open,2024-06-03,\n"
    "A2,E07000120,tallwick-borough-council,northmere-nhs-trust,Share it,agreed,2023-06-03,2023-07-03\n",
    "ask_answered_before_asked.csv": f"{ASK_HEAD}\n"
    + "A1,E07000120,tallwick-borough-council,northmere-nhs-trust,Share it,open,2024-06-03,\n" * 4
    + "A2,E07000120,tallwick-borough-council,northmere-nhs-trust,Share it,agreed,2024-06-03,2024-06-01\n",
    "outcomes_value_with_a_percent_sign.csv": f"{OUTCOME_HEAD}\n"
    + OUTCOME * 4
    + "E07000120,2024-25,NEET,Not in education,5.2%,per cent,lower\n",
    "outcomes_year_unreadable.csv": f"{OUTCOME_HEAD}\n{OUTCOME}E07000120,24-25,NEET,Not in education,5.2,per cent,lower\n",
    "save_share_above_one.csv": f"{SAVE_HEAD}\n"
    + SAVE * 4
    + "P2,E07000120,Advice,tallwick-borough-council,northmere-nhs-trust,2024-25,-5.00,10.00,40\n",
}

POUND = 'Date,Supplier,Amount (£)\n03/06/2024,Café Royal,£100.00\n14/06/2024,Bolt & Co,"£1,250.50"\n'
BYTES: dict[str, bytes] = {
    "pound_9c.csv": POUND.encode("cp850"),
    "pound_a3.csv": POUND.encode("cp1252"),
    "pound_utf8.csv": POUND.encode(),
    "pound_9c_and_a3.csv": b"Date,Supplier,Amount (\xa3)\n03/06/2024,Acme Ltd,\x9c100.00\n14/06/2024,Bolt & Co,\xa3250.50\n",
    "pound_lost.csv": POUND.replace("£", "\ufffd").encode(),
    "pound_twice_encoded.csv": POUND.encode().decode("cp1252").encode(),
    "bom.csv": POUND.encode("utf-8-sig"),
    "utf16.csv": POUND.encode("utf-16"),
    "bare_cr.csv": POUND.replace("\n", "\r").encode(),
    "crlf.csv": POUND.replace("\n", "\r\n").encode(),
    "no_newline_at_end.csv": POUND.rstrip("\n").encode(),
    "really_pdf.csv": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    "empty.csv": b"",
    "nul_bytes.csv": b"Date,Supplier\x00,Amount\n" + bytes(range(32)),
    "torn_workbook.xlsx": b"PK\x03\x04" + b"xl/workbook.xml" * 20,
}


BOOK = [HEAD.split(","), ["03/06/2024", "Acme Ltd", "R1", 100.0], ["14/06/2024", "Bolt & Co", "R2", 250.5]]
NOTES = "Date;Supplier;Amount\n03/06/2024;Acme Ltd;1,100.00\n14/06/2024;Bolt & Co;250.50\n"
CSV = f"{HEAD}\n{LINES}".encode()


def _formats() -> dict[str, bytes]:
    """One file for each oddity of the formats."""
    head, *lines = BOOK
    rows = made.xlsx_rows(BOOK)
    one = made.xlsx_rows(BOOK[:2])
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    repeated = made.ods_row(lines[0], 'table:number-rows-repeated="2"')
    gap = '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="9"/></table:table-row>'
    tail = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    money = '<table:table-cell office:value-type="currency" office:value="1263.6100000000001"><text:p>£1,263.61</text:p></table:table-cell>'
    note = '<table:table-cell office:value-type="float" office:value="5"><office:annotation><text:p>99</text:p></office:annotation><text:p>5.00</text:p></table:table-cell>'  # fmt: skip
    start = f'<table:table table:name="June">{made.ods_row(head)}'
    line = made.ods_row(["03/06/2024", "Acme Ltd", "R1"]).removesuffix("</table:table-row>")
    grant = json.loads(made.grants())
    entry = {"Date": "03/06/2024", "Supplier": "Acme Ltd", "Amount": 10}
    table = {
        "Date": pa.array([date(2024, 6, 3), date(2024, 6, 14)]), "Supplier": pa.array(["Acme Ltd", "Bolt & Co"]).dictionary_encode(),
        "Paid at": pa.array([datetime(2024, 6, 3, 9), None]), "Codes": pa.array([["a", "b"], []]),
        "Amount": pa.array([Decimal("100.00"), Decimal("250.505")], pa.decimal128(12, 3)),
    }  # fmt: skip
    link = zipfile.ZipInfo("link.csv", (2026, 1, 1, 0, 0, 0))
    link.external_attr, link.create_system = 0o120777 << 16, 3
    return {
        # text
        "sep_line.csv": f"sep=;\n{NOTES}".encode(),
        "titles_with_commas.csv": f"Tallwick, Borough, Council\nSpending, over £500, June\n{NOTES}".encode(),
        "bars.csv": NOTES.replace(";", "|").encode(),
        "decimal_commas.csv": b"Date;Supplier;Amount\n03/06/2024;Acme Ltd;1.100,00\n14/06/2024;Bolt & Co;250,50\n",
        "equals_quoted.csv": b'Date,Supplier,Reference,Amount\n03/06/2024,Acme Ltd,="00123","=""1,100.00"""\n',
        "utf16_no_bom.csv": POUND.encode("utf-16-le"),
        "utf16_no_bom_big.csv": POUND.encode("utf-16-be"),
        "utf32.csv": POUND.encode("utf-32"),
        "mixed_line_ends.csv": b"Date,Supplier,Amount\r\n03/06/2024,Acme,1.00\r04/06/2024,Bolt,2.00\n\r\n05/06/2024,Cobble,4.00",
        "nul_in_a_cell.csv": f"{HEAD}\n{LINES * 3}".replace("Acme", "Ac\x00me", 1).encode(),
        "form_feeds.csv": f"{HEAD}\n03/06/2024,Ac\x0cme,R1,1.00\n04/06/2024,Bo\u2028lt,R2,2.00\n05/06/2024,Co\x0bb\x85le,R3,4.00\n".encode(),
        "quotes_inside_cells.csv": b'Date,Supplier,Description,Amount\n03/06/2024,Acme "A" Ltd,12" pipe,100.00\n04/06/2024,Bolt,6\' x 4\',5.00\n',
        "too_many_columns.csv": b"Date,Supplier,Amount" + b"," * 17_000 + b"\n",
        # XLSX
        "strict.xlsx": made.xlsx(rows, is_strict=True),
        "shared_strings_missing.xlsx": made.xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
        "dates_1904.xlsx": _xlsx_1904(),
        "errors_and_formulas.xlsx": made.xlsx(
            one
            + '<row r="3"><c r="A3" t="inlineStr"><is><t>04/06/2024</t></is></c><c r="B3" t="inlineStr"><is><t>Bolt</t></is></c>'
            '<c r="D3" t="e"><f>Other!A1</f><v>#REF!</v></c></row>'
            '<row r="4"><c r="A4" t="inlineStr"><is><t>05/06/2024</t></is></c><c r="B4" t="inlineStr"><is><t>Cobble</t></is></c>'
            '<c r="D4"><f>2*3</f></c></row>'
            '<row r="5"><c r="A5" t="inlineStr"><is><t>06/06/2024</t></is></c><c r="B5" t="inlineStr"><is><t>Dray</t></is></c>'
            '<c r="D5"><f>2*4</f><v>8</v></c></row>'
        ),
        "truth_values.xlsx": made.xlsx(one + '<row r="3"><c r="A3"><v>45447</v></c><c r="B3" t="b"><v>1</v></c><c r="D3" t="b"><v>1</v></c></row>'),
        "merged_header.xlsx": made.xlsx(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>Payments of June</t></is></c></row>'
            + "".join(made.xlsx_rows([row], n) for n, row in enumerate(BOOK, 2)),
            after='<mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>',
        ),
        "document_type.xlsx": made.xlsx(rows, prolog='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'),
        "cell_far_out.xlsx": made.xlsx(one + far),
        "row_out_of_order.xlsx": made.xlsx(made.xlsx_rows(BOOK[:1]) + made.xlsx_rows(BOOK[2:], 3) + made.xlsx_rows(BOOK[1:2], 2)),
        "password.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "binary_workbook.xlsb": made.zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"\x83\x01\x00"}),
        "word_document.xlsx": made.zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
        "not_really.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1016,
        # ODS
        "plain.ods": made.ods(made.ods_table(BOOK)),
        "repeats.ods": made.ods(f'<table:table table:name="June">{made.ods_row(head)}{gap}{repeated}{tail}</table:table>'),
        "hidden_sheet.ods": made.ods(
            made.ods_table(BOOK) + made.ods_table(BOOK[:2], "Workings", 'table:style-name="ta2"'), styles=hidden
        ),
        "currency_and_notes.ods": made.ods(f"{start}{line}{money}</table:table-row>{line}{note}</table:table-row></table:table>"),
        "untyped_cell.ods": made.ods(f"{start}{line}<table:table-cell><text:p>5.00</text:p></table:table-cell></table:table-row></table:table>"),
        "formula_error.ods": made.ods(
            f'{start}{line}<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p>'
            f"</table:table-cell></table:table-row>{made.ods_row(lines[1])}</table:table>"
        ),
        "row_bomb.ods": made.ods(f'{start}{made.ods_row(lines[0], chr(32).join(["table:number-rows-repeated=" + chr(34) + "99999999" + chr(34)]))}</table:table>'),
        "document_type.ods": made.ods(made.ods_table(BOOK), prolog='<!DOCTYPE a [<!ENTITY b "c">]>'),
        "same_name_twice.ods": made.ods(made.ods_table(BOOK) + made.ods_table(BOOK[:2])),
        "table_never_closes.ods": made.ods(made.ods_table(BOOK).removesuffix("</table:table>")),
        # JSON
        "grants.json": made.grants(3),
        "grants_list.json": json.dumps(grant["grants"]).encode(),
        "records.json": made.records(),
        "name_twice.json": b'[{"Date": "03/06/2024", "Supplier": "Acme", "Amount": 5, "Amount": 7}]',
        "not_a_number.json": b'[{"Date": "03/06/2024", "Supplier": "Acme", "Amount": NaN}]',
        "deep.json": b'[{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}]",
        "entry_is_text.json": json.dumps([entry, "and so on"]).encode(),
        "torn.json": made.grants()[:-40],
        "settings.json": b'{"colour": "blue"}',
        "huge_number.json": json.dumps([entry, entry | {"Amount": 10**400}]).encode(),
        # Parquet
        "plain.parquet": made.parquet(table),
        "torn.parquet": made.parquet(table)[:-9],
        # archives
        "tables.zip": made.zipped({"june.csv": CSV, "books/june.xlsx": made.xlsx(rows), "README.txt": "words"}),
        "unsafe_names.zip": made.zipped({"../up.csv": CSV, "/root.csv": CSV, "C:\\drive.csv": CSV, "ok.csv": CSV, "line\nend.csv": CSV}),
        "no_tables.zip": made.zipped({"__MACOSX/._june.csv": b"x", ".hidden.csv": b"x", "readme.md": "words"}),
        "only_links.zip": _zip_of(link, b"/etc/passwd"),
        "torn.zip": made.zipped({"june.csv": CSV})[:-30],
        "archive_in_archive.zip": made.zipped({"inner.zip": made.zipped({"june.csv": CSV})}),
        "bomb.zip": made.zipped({"bomb.csv": b"0" * 30_000_000}),
        "packed.csv": b"\x1f\x8b\x08\x00" + b"\x00" * 20,
        "xml_document.xml": b'<?xml version="1.0"?><Workbook><Worksheet/></Workbook>',
    }  # fmt: skip


def _zip_of(info: zipfile.ZipInfo, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, content)
    return out.getvalue()


def _xlsx_1904() -> bytes:
    """Dates counted from 1904: serial 43984 is 3 June 2024 there."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    _rows(book.active, [HEAD.split(","), [datetime(2024, 6, 3), "Acme Ltd", "R1", 100.0]])
    return _bytes(book)


def _rows(sheet, rows: Sequence[Sequence[object]]) -> None:
    for row in rows:
        sheet.append(row)


def _save(book: Workbook, name: str) -> None:
    (BANK / name).write_bytes(_bytes(book))


def _bytes(book: Workbook) -> bytes:
    """Saved with fixed dates, so that the same workbook is the same bytes."""
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    plain, fixed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "docProps/core.xml":  # openpyxl stamps it with the time of saving
                content = re.sub(rb">20\d\d-[^<]+<", b">2026-01-01T00:00:00Z<", content)
            target.writestr(zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0)), content)
    return fixed.getvalue()


def write_workbooks() -> None:
    book = Workbook()
    _rows(
        book.active,
        [HEAD.split(","), ["03/06/2024", "Acme Ltd", "R1", "1,100.00"], ["14/06/2024", "Bolt & Co", "R2", "£10.50"]],
    )
    _rows(book.active, [["20/06/2024", "Cobble Ltd", "R3", "(5.25)"]])
    _save(book, "amounts_as_text.xlsx")

    book = Workbook()
    _rows(book.active, [["Tallwick Borough Council"], [None], ["Sheets: parks, roads"]])
    book["Sheet"].title = "Cover"
    when = datetime(2024, 6, 3)
    _rows(book.create_sheet("Parks"), [HEAD.split(","), [when, "Acme Ltd", "R1", 100.5], [when, "Bolt & Co", "R2", -0.25]])
    roads = [
        ["Roads directorate"],
        [],
        ["Amount", "Date", "Supplier"],
        [1263.6100000000001, date(2024, 6, 4), "Tar Ltd"],
    ]
    _rows(book.create_sheet("Roads"), [*roads, [1263.61, None, "Total"]])
    hidden = book.create_sheet("Workings")
    _rows(hidden, [HEAD.split(","), [when, "Secret Ltd", "R9", 999.0]])
    hidden.sheet_state = "hidden"
    _save(book, "several_sheets_one_hidden.xlsx")

    book = Workbook()
    _rows(book.active, [COUNT_HEAD.split(","), ["tallwick-borough-council", "2024-25", None, "outlay", 4.5, 5]])
    _rows(book.active, [["tallwick-borough-council", "2024-25", None, "income", 9, 7.25]])
    _save(book, "count_numbers_for_codes.xlsx")

    book = Workbook()
    book["Sheet"].title = "RS LA Data 2023-24"
    labels = ["Education services", "Housing services (GFRA only)", "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 1 to 2)"]
    _rows(
        book.active,
        [["Net current expenditure (£ thousand)"], ["E-code", "ONS Code", "Local authority", "Class", *labels]],
    )
    _rows(book.active, [["E2321", "E10000017", "Lancashire", "SC", 1200, 34.567, 1234.567]])
    _rows(book.active, [["E2337", "E07000121", "Lancaster", "SD", 0, 5, 5], [None, None, "England", None, 1200, 40, 1240]])
    _save(book, "outturn.xlsx")

    book = Workbook()
    book["Sheet"].title = "RS LA Data 2023-24"
    _rows(book.active, [["Net current expenditure (£ thousand)"], ["ONS Code", "Local authority", "Class", *labels]])
    _rows(book.active, [["E10000017", "Lancashire", "SC", 1200, 34.567, 1234.567], ["E07000121", "Lancaster", "SD", 0, 5, 5]])
    _rows(book.active, [["E92000001", "England", None, 1200, 40, 1240], ["E12000002", "North West", None, 1200, 39.567, 1239.567]])
    _rows(book.active, [[None, "Source: the department"]])
    _save(book, "outturn_ons_codes.xlsx")


def main() -> None:
    for name, text in TEXTS.items():
        (BANK / name).write_bytes(text.encode())
    for name, content in (BYTES | _formats()).items():
        (BANK / name).write_bytes(content)
    write_workbooks()
    sys.stdout.write(f"{len(list(BANK.iterdir()))} files in {BANK}\n")


if __name__ == "__main__":
    main()
