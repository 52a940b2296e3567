"""A small made-up directory, as an HSDS export, and what a hub adds by hand."""

from domain.hsds import Export, read_export
from records.database import HubSession
from records.directory import NewProvider, NewService, Place, add_provider, add_service
from records.tables import Service

COUNTY = "county"
TABLES = {
    "organizations": """id,name,email,website,licence
o1,Riverside Clinic,desk@example.org,https://example.org,A-12
o2,Espwa Food House,,,
o3,Harbor Shelter,,,
""",
    "services": """id,organization_id,name,description,status,eligibility_description
s1,o1,Outpatient counseling,"Depression, anxiety",active,Adults
s2,o1,Health card desk,Identification and Medicaid,active,
s3,o2,Pantry,"Groceries, no questions",active,Anyone
s4,o3,Night shelter,Beds,active,Men over 18
s5,o3,Phone line,Somebody to talk to,active,
""",
    "locations": """id,organization_id,location_type,name,latitude,longitude
l1,o1,physical,Main office,25.7867,-80.2050
l2,o2,physical,Kitchen,25.8501,-80.2370
l3,o3,physical,Harbor,26.1220,-80.1300
l4,o3,virtual,Hotline,,
""",
    "addresses": """id,location_id,address_1,city,state_province,postal_code,country,address_type
a1,l1,1 Example St,Miami,FL,33136,US,physical
a2,l2,2 Example Ave,Liberty City,FL,33147,US,physical
a3,l3,3 Example Rd,Fort Lauderdale,FL,33301,US,physical
a4,l3,PO Box 3,Fort Lauderdale,FL,33302,US,postal
""",
    "service_at_location": """id,service_id,location_id
x1,s1,l1
x2,s2,l1
x3,s3,l2
x4,s4,l3
x5,s5,l4
""",
    "languages": """id,service_id,location_id,name,code
g1,s1,,Haitian Creole,hat
g2,s1,,English,en
g3,,l2,Spanish,
""",
    "schedules": """\
id,service_id,location_id,service_at_location_id,byday,opens_at,closes_at,bymonthday
h1,s1,,,"MO,TU,WE,TH,FR",09:00,17:00,
h2,,l2,,WE,10:00,13:00,
h3,,,x4,"MO,TU,WE,TH,FR,SA,SU",20:00,07:00,
h4,s2,,,,09:00,12:00,"2,16"
""",
    "phones": """id,organization_id,service_id,number
p1,o1,,305-555-0101
p2,,s3,305-555-0102
""",
    "taxonomy_terms": """id,name,taxonomy
t1,Mental Health,made up
t2,Food Pantries,made up
""",
    "attributes": """id,link_id,link_entity,taxonomy_term_id
b1,s1,service,t1
b2,s3,service,t2
""",
    "contacts": """id,organization_id,name,title,email
c1,o1,Lee Brown,Intake,lee@example.org
""",
}


def export(**changed: str) -> Export:
    """The export, with other tables in place of its own; "" leaves one out."""
    tables = {**TABLES, **changed}
    return read_export({f"{name}.csv": said.encode() for name, said in tables.items() if said})


def without(table: str, *ids: str) -> str:
    """A table without the rows of these ids."""
    lines = TABLES[table].splitlines(keepends=True)
    return "".join(line for line in lines if line.partition(",")[0] not in ids)


def by_hand(session: HubSession, name: str = "Grove Center") -> Service:
    """A provider that the hub wrote down itself, with one service."""
    provider = add_provider(session, NewProvider(name, phone="305-555-0110"))
    place = Place(address_1="4 Example Ct", city="Miami", postal_code="33136")
    new = NewService("Mentoring circle", languages=("es",), places=(place,))
    return add_service(session, provider.id, new)
