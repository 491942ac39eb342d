import pytest
from cbss.data.v1 import handicap_pb2, social_status_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from services.concepts.criteria import CriterionLimit, find_outside


def statuses(*asked):
    return social_status_pb2.SocialStatusCriteria(statuses=list(asked))


def limit(field, *values, minimum=None, maximum=None):
    return CriterionLimit(field=field, values=values, minimum=minimum, maximum=maximum)


NAME = limit("statuses.name", "BIM_BVT", "PCSA_AND_BIM_HELP")
OLD = limit("statuses.minimum_age", minimum=65)
YOUNG = limit("statuses.maximum_age", minimum=0, maximum=17)
NOWHERE = limit("statuses.postal_codes")
GHENT = limit("statuses.postal_codes", "9000", "9030")
DGPH = limit("sources", "HANDICAP_SOURCE_DGPH")


@pytest.mark.parametrize(
    ("kept", "limits", "criteria"),
    [
        (True, [NAME], statuses({"name": "BIM_BVT"})),
        (True, [NAME], statuses({"name": "BIM_BVT"}, {"name": "PCSA_AND_BIM_HELP"})),
        (False, [NAME], statuses({"name": "BIM_BVT"}, {"name": "LIVING_WAGES_PCSA_HELP"})),
        (False, [NAME], statuses({"name": "bim_bvt"})),
        (False, [NAME], statuses({})),
        (False, [NAME], statuses()),
        (False, [NAME], None),
        (True, [OLD], statuses({"name": "A", "minimum_age": 65})),
        (True, [OLD], statuses({"name": "A", "minimum_age": 90})),
        (False, [OLD], statuses({"name": "A", "minimum_age": 64})),
        (False, [OLD], statuses({"name": "A", "minimum_age": 0})),
        (False, [OLD], statuses({"name": "A"})),
        (False, [OLD], statuses({"minimum_age": 65}, {"maximum_age": 80})),
        (True, [YOUNG], statuses({"maximum_age": 0})),
        (False, [YOUNG], statuses({"maximum_age": 18})),
        (True, [NOWHERE], statuses({"name": "A"})),
        (True, [NOWHERE], None),
        (False, [NOWHERE], statuses({"name": "A"}, {"postal_codes": ["9000"]})),
        (True, [GHENT], statuses({"postal_codes": ["9000", "9030"]})),
        (False, [GHENT], statuses({"postal_codes": ["9000", "1000"]})),
        (False, [GHENT], statuses({"postal_codes": ["9000"]}, {"name": "A"})),
        (True, [DGPH], handicap_pb2.HandicapCriteria(sources=[1], parts=[3])),
        (False, [DGPH], handicap_pb2.HandicapCriteria(sources=[1, 2])),
        (False, [DGPH], handicap_pb2.HandicapCriteria(sources=[99])),
        (False, [DGPH], handicap_pb2.HandicapCriteria(parts=[3])),
        (False, [NAME, OLD], statuses({"name": "BIM_BVT"})),
        (True, [], None),
    ],
)
def test_what_is_limited_is_given_and_within(kept, limits, criteria):
    assert (find_outside(limits, criteria) is None) is kept


def test_names_the_first_field_that_is_outside():
    assert find_outside([NAME, OLD], statuses({"name": "BIM_BVT"})) == "statuses.minimum_age"


# Kinds of fields that no contract of the mesh has yet; a contract can be registered with them.
@pytest.mark.parametrize(
    ("kept", "one", "given"),
    [
        (True, limit("flag", "false"), {"flag": False}),
        (False, limit("flag", "true"), {"flag": False}),
        (False, limit("flag", "false"), {}),
        (True, limit("year", "2026"), {"year": 2026}),
        (False, limit("year", "2026"), {"year": 202}),
        (True, limit("year", minimum=-5, maximum=-1), {"year": -3}),
        (False, limit("share", minimum=0, maximum=1), {"share": float("nan")}),
        (True, limit("share", minimum=0, maximum=1), {"share": 0.5}),
        (False, limit("raw", "61"), {"raw": b"a"}),
        (False, limit("gone", "x"), {"year": 1}),
    ],
)
def test_compares_every_kind_of_field(kept, one, given):
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="c.proto", package="c", syntax="proto2")
    described = file.message_type.add(name="C")
    for number, (name, kind) in enumerate(
        {
            "flag": kinds.TYPE_BOOL,
            "year": kinds.TYPE_SINT64,
            "share": kinds.TYPE_DOUBLE,
            "raw": kinds.TYPE_BYTES,
        }.items(),
        1,
    ):
        described.field.add(name=name, number=number, type=kind, label=kinds.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    criteria = message_factory.GetMessageClass(pool.FindMessageTypeByName("c.C"))(**given)

    assert (find_outside([one], criteria) is None) is kept
