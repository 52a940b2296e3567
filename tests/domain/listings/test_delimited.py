"""Delimited calendars: what is refused, what is set aside, what goes on."""

from __future__ import annotations

import io

import pytest

from domain.listings import (
    CalendarRefused,
    EmptyFile,
    HeaderOnly,
    Listing,
    MissingColumn,
    NotThisFormat,
    Reason,
    RepeatedColumn,
    WrongEncoding,
    load_mapping,
    mapping_from,
    read_join,
)
from tests.domain.listings.factories import listings_of, read, set_aside_of

IDAHO = load_mapping("idaho")
HEADER = "CaseNumber,CaseStyle ,HearingType,HearingDate,HearingTime,Court,County\n"
GOOD = "CR-27-0001,State of Idaho vs. Fen Sample,Trial,4/1/2027,9:00 AM,Ada Court,Ada\n"


def row(case: str = "CR-27-0002", day: str = "4/2/2027", at: str = "9:00 AM") -> str:
    return f"{case},Someone,Trial,{day},{at},Ada Court,Ada\n"


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", EmptyFile, "empty"),
        (b"\n \n,,,\n", EmptyFile, "empty"),
        (b"\xef\xbb\xbf", EmptyFile, "empty"),
        (HEADER.encode(), HeaderOnly, "no hearing"),
        (HEADER.encode() + b"\n,,,,,,\n", HeaderOnly, "no hearing"),
        (b"%PDF-1.7\n", NotThisFormat, "a PDF"),
        (b"PK\x03\x04\x00\x00", NotThisFormat, "Excel"),
        (b"<!doctype html><table>", NotThisFormat, "web page"),
        (b"x" * 1_100_000, NotThisFormat, "million"),
        (HEADER.replace(",", ";").encode(), NotThisFormat, "has 1 cells"),
        (HEADER.encode("utf-16"), WrongEncoding, "UTF-16"),
        (HEADER.encode("utf-16-le"), WrongEncoding, "NUL"),
        ((HEADER + GOOD.replace("Fen", "Zo\u00e9")).encode("cp1252"), WrongEncoding, "cp1252"),
        (HEADER.replace("County", "Court").encode() + b"x", MissingColumn, "County"),
        (HEADER.replace("\n", ",Court\n").encode() + b"x", RepeatedColumn, "Court"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    content: bytes, error: type[CalendarRefused], says: str
) -> None:
    with pytest.raises(error) as refusal:
        read(content, IDAHO)
    assert says in str(refusal.value)


def test_a_missing_column_is_named_with_the_headers_found() -> None:
    with pytest.raises(MissingColumn) as refusal:
        read(HEADER.replace("HearingTime", "Time of day") + GOOD, IDAHO)
    assert refusal.value.columns == ("HearingTime",)
    assert "Time of day" in refusal.value.found
    assert '"CaseStyle"' in str(refusal.value)


def test_a_file_without_its_header_line_is_refused_without_showing_the_person() -> None:
    with pytest.raises(NotThisFormat) as refusal:
        read(GOOD, IDAHO)
    assert "Sample" not in str(refusal.value)
    assert "CR-27-0001" not in str(refusal.value)


def test_a_decoding_refusal_keeps_no_bytes_of_the_file() -> None:
    with pytest.raises(WrongEncoding) as refusal:
        read((HEADER + GOOD.replace("Fen", "Zo\u00e9")).encode("cp1252"), IDAHO)
    assert refusal.value.__context__ is None
    assert "Sample" not in str(refusal.value)


@pytest.mark.parametrize(
    ("bad", "code", "says"),
    [
        (row(day="4/31/2027"), Reason.BAD_DATE, 'column "HearingDate" does not hold a date'),
        (row(day=""), Reason.BAD_DATE, "MM/DD/YYYY"),
        (row(at="9 o'clock"), Reason.BAD_TIME, 'column "HearingTime" does not hold a time'),
        (row(at="25:00 AM"), Reason.BAD_TIME, "hh:MM am/pm"),
        (row(day="3/14/2027", at="2:30 AM"), Reason.NO_SUCH_TIME, "America/Boise"),
        (row(case=" "), Reason.NO_CASE_NUMBER, 'column "CaseNumber" is empty'),
        (row(case="9" * 400), Reason.TOO_LONG, 'column "CaseNumber" holds more than'),
        (
            "CR-27-0002,Doe, Pat,Trial,4/2/2027,9:00 AM,Ada Court,Ada\n",
            Reason.WRONG_CELL_COUNT,
            "8",
        ),
        ("(7 rows affected)\n", Reason.WRONG_CELL_COUNT, "1 cells, the header has 7"),
    ],
)
def test_a_bad_row_is_set_aside_and_the_rest_goes_on(bad: str, code: Reason, says: str) -> None:
    rows = read(HEADER + GOOD + bad + GOOD, IDAHO)
    (aside,) = set_aside_of(rows)
    assert len(listings_of(rows)) == 2
    assert aside.row_number == 3
    assert aside.code is code
    assert says in aside.reason
    assert "CR-27" not in aside.reason
    assert "Doe" not in aside.reason


def test_a_row_set_aside_remembers_its_case_for_the_comparison() -> None:
    (aside,) = set_aside_of(read(HEADER + row(day="soon"), IDAHO))
    assert aside.case == ("cr-27-0002", "ada")
    (aside,) = set_aside_of(read(HEADER + row(case=""), IDAHO))
    assert aside.case is None


def test_a_quote_that_never_closes_costs_its_own_row_only() -> None:
    broken = 'CR-27-0002,"Someone,Trial,4/2/2027,9:00 AM,Ada Court,Ada\n'
    rows = read(HEADER + GOOD + broken + GOOD * 5, IDAHO)
    assert [one.row_number for one in listings_of(rows)] == [2, 4, 5, 6, 7, 8]
    (aside,) = set_aside_of(rows)
    assert (aside.row_number, aside.code) == (3, Reason.BROKEN_QUOTING)


def test_a_quote_that_closes_in_a_later_row_costs_its_own_row_only() -> None:
    broken = 'CR-27-0002,"Someone,Trial,4/2/2027,9:00 AM,Ada Court,Ada\n'
    quoted = 'CR-27-0003,"One, Two","Trial",4/2/2027,9:00 AM,Ada Court,Ada\n'
    rows = read(HEADER + broken + GOOD + quoted + GOOD, IDAHO)
    assert len(listings_of(rows)) == 3
    assert [aside.row_number for aside in set_aside_of(rows)] == [2]


def test_open_quotes_on_every_row_are_read_in_linear_time() -> None:
    crafted = 'x",y,"z\n' * 5_000
    rows = read(HEADER + crafted + GOOD, IDAHO)
    assert len(rows) == 5_001
    assert len(listings_of(rows)) == 1


def test_a_cell_may_hold_a_line_break() -> None:
    text = (
        HEADER + 'CR-27-0002,"State of Idaho vs.\nFen Sample",Trial,4/2/2027,9:00 AM,"A\nB",Ada\n'
    )
    (one,) = listings_of(read(text, IDAHO))
    assert one.person_name == "Fen Sample"
    assert one.court == "A B"


def test_rows_are_numbered_as_a_spreadsheet_counts() -> None:
    rows = read("\n" + HEADER + "\n" + GOOD + ",,,,,,\n" + GOOD, IDAHO)
    assert [one.row_number for one in rows] == [4, 6]


def test_the_last_line_needs_no_line_end() -> None:
    assert len(read(HEADER + GOOD.rstrip(), IDAHO)) == 1


def test_lines_that_cross_a_block_are_whole() -> None:
    text = HEADER + "".join(row(case=f"CR-27-{number:06d}") for number in range(3000))
    assert len(text) > 2 * 65_536
    rows = listings_of(read(text, IDAHO))
    assert [one.docket_number for one in rows] == [f"CR-27-{number:06d}" for number in range(3000)]


def test_spaces_and_control_characters_are_tidied() -> None:
    text = HEADER + row(case=" CR  27\x07-0002 ")
    (one,) = listings_of(read(text, IDAHO))
    assert one.docket_number == "CR 27-0002"


def test_a_caption_without_end_is_cut_and_the_hearing_stays() -> None:
    text = HEADER + row().replace("Someone", "State of Idaho vs. " + "Fen Sample and " * 99)
    (one,) = listings_of(read(text, IDAHO))
    assert one.person_name.startswith("Fen Sample and Fen")
    assert len(one.person_name) <= 300


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "iso-8859-1"])
def test_other_encodings_are_read_when_the_mapping_says_so(encoding: str) -> None:
    mapping = mapping_from(
        {
            "name": "x",
            "zone": "America/Chicago",
            "encoding": encoding,
            "columns": {"docket_number": "C", "date": "D", "time": "T", "last_name": "N"},
            "formats": {"date": "%Y-%m-%d", "time": "%H:%M"},
        },
        "x.toml",
    )
    content = "C,D,T,N\nCASE1,2027-04-01,9:00,IBA\u00d1EZ\n".encode(encoding)
    (one,) = read(content, mapping)
    assert isinstance(one, Listing)
    assert one.last_name == "IBA\u00d1EZ"


def test_a_second_file_without_its_columns_is_refused() -> None:
    with pytest.raises(MissingColumn, match="crt_loc_desc"):
        read_join(io.BytesIO(b"crt_loc_cd,vld_flg\n1,Y\n"), load_mapping("salt-lake"), "court")


def test_a_second_file_skips_what_it_cannot_use() -> None:
    content = b"crt_loc_cd,crt_loc_desc,vld_flg\n1,ONE,Y\n,NONE,Y\n2,TWO\n3,THREE,N\n1,UNO,Y\n"
    assert read_join(io.BytesIO(content), load_mapping("salt-lake"), "court") == {"1": "UNO"}
