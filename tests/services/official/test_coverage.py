"""A schema is walked through its types and files, and each leaf is held against the tables."""

import pytest

from services.official.coverage import measure, read_schema
from services.official.errors import SchemaUnusable
from services.official.forms import forms

XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="t">{}</xs:schema>'
TYPES = """
<xs:complexType name="File"><xs:sequence>
  <xs:element name="rights" type="t:Right" maxOccurs="unbounded"/>
  <xs:element name="unheardOf" type="xs:string"/>
</xs:sequence></xs:complexType>
<xs:complexType name="Right"><xs:choice>
  <xs:element name="monthAmount" type="t:Amount"/>
  <xs:element name="period"><xs:complexType><xs:complexContent><xs:extension base="t:Begin">
    <xs:sequence><xs:element name="endDate" type="xs:date"/></xs:sequence>
    <xs:attribute name="odd"/>
  </xs:extension></xs:complexContent></xs:complexType></xs:element>
</xs:choice></xs:complexType>
<xs:complexType name="Begin"><xs:all><xs:element name="beginDate"/></xs:all></xs:complexType>
<xs:simpleType name="Amount"><xs:restriction base="xs:decimal"/></xs:simpleType>
<xs:complexType name="Result"><xs:sequence>
  <xs:group ref="t:Outcome"/><xs:element name="file" type="t:File"/>
</xs:sequence></xs:complexType>
<xs:group name="Outcome"><xs:sequence><xs:element name="status"><xs:complexType><xs:sequence>
  <xs:element name="code" type="xs:string"/>
</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:group>
"""
ANSWER = """
<xs:include schemaLocation="types.xsd"/>
<xs:element name="ConsultFilesByDateResponse"><xs:complexType><xs:sequence>
  <xs:element name="ssin" type="xs:string"/>
  <xs:element name="results"><xs:complexType><xs:sequence>
    <xs:element name="dgphResult" type="t:Result"/>
    <xs:element name="otherResult" type="xs:string"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
"""


@pytest.fixture
def schema(tmp_path):
    """A schema of two files."""
    (tmp_path / "types.xsd").write_text(XSD.format(TYPES))
    answer = tmp_path / "answer.xsd"
    answer.write_text(XSD.format(ANSWER))
    return answer


def test_each_leaf_of_a_schema_has_a_place_or_is_named(schema):
    found = measure(read_schema(schema), forms()["HANDICAP"])

    of = "ConsultFilesByDateResponse"
    assert found.held == (
        f"{of}/ssin",
        f"{of}/results/dgphResult/status/code",
        f"{of}/results/dgphResult/file/rights/monthAmount",
        f"{of}/results/dgphResult/file/rights/period/beginDate",
        f"{of}/results/dgphResult/file/rights/period/endDate",
    )
    assert found.lost == (
        f"{of}/results/dgphResult/file/rights/period/@odd",
        f"{of}/results/dgphResult/file/unheardOf",
        f"{of}/results/otherResult",
    )
    assert found.share == 5 / 8


def test_a_type_that_holds_itself_is_walked_once_more_and_ends(tmp_path):
    inside = '<xs:sequence><xs:element name="Persoon" type="t:P"/></xs:sequence>'
    made = (
        f'<xs:complexType name="P">{inside}</xs:complexType><xs:element name="Persoon" type="t:P"/>'
    )
    path = tmp_path / "answer.xsd"
    path.write_text(XSD.format(made))

    assert measure(read_schema(path), forms()["LEGAL_PERSON_DATA"]).held == ()


@pytest.mark.parametrize("text", ["<other/>", XSD.format("<xs:element name='other'/>")])
def test_a_file_that_is_no_schema_of_the_form_is_refused(tmp_path, text):
    path = tmp_path / "answer.xsd"
    path.write_text(text)

    with pytest.raises(SchemaUnusable):
        measure(read_schema(path), forms()["HANDICAP"])
