"""To open takes two, of two offices: the bank prepares, the committee decides; to stop takes one.

Every act that a person can take is listed here with what it does. What is not listed fails, so that
nobody adds an act that widens something (a deliberation, an accession, an organization, a key, a
contract, a volume, a rule of delay, a project) without saying how it takes two.
"""

import re

import pytest
from google.protobuf import descriptor_pb2

from tests.architecture.project import ROOT, SERVICES, callers

BANK, COMMITTEE = "operator", "committee"
READING = r"(Get|List|Search|Watch|Find|Check|Verify|Preview|Compare|Explain|DryRun|Replay)[A-Z]\w*"
"""Verbs that change nothing (the vocabulary of the project)."""
STOPS = {
    "cbss.access.v1.DeliberationService/SuspendDeliberation",
    "cbss.access.v1.DeliberationService/WithdrawDeliberation",
    "cbss.coding.v1.ProjectService/CloseProject",
    "cbss.coding.v1.ReidentificationService/EndReidentification",
}
PREPARES = {
    # A proposal or amendment covers nothing, an accession does not count, until it is enacted.
    "cbss.access.v1.DeliberationService/ProposeDeliberation": "EnactDeliberation",
    "cbss.access.v1.DeliberationService/AccedeToDeliberation": "EnactAccession",
    # What only withdraws is in force at once; a contract opens nothing; all else waits.
    "cbss.registry.v1.RegistryService/PrepareAct": "DecideAct",
    # What is registered can be asked once a deliberation that names it has been enacted.
    "cbss.directory.v1.DirectoryService/RegisterDataContract": "EnactDeliberation",
    # A project gets no key, and nothing is handed over, before the committee has approved its plan.
    "cbss.coding.v1.ProjectService/RequestProject": "DecideProject",
    "cbss.coding.v1.ProjectService/AssessProject": "DecideProject",
    "cbss.coding.v1.ProjectService/OpenProject": "DecideProject",
    "cbss.coding.v1.ProjectService/ReleaseDelivery": "DecideProject",
    # Nobody is told who is meant by a list before the committee has approved it.
    "cbss.coding.v1.ReidentificationService/RequestReidentification": "DecideReidentification",
}
DECIDES = {
    "cbss.registry.v1.RegistryService/DecideAct",
    "cbss.access.v1.DeliberationService/EnactDeliberation",
    "cbss.access.v1.DeliberationService/EnactAccession",
    "cbss.coding.v1.ProjectService/DecideProject",
    "cbss.coding.v1.ReidentificationService/DecideReidentification",
}


def acts():
    """Every RPC that a person may call and that changes something, with the offices that may."""
    return {
        rpc: who & {BANK, COMMITTEE}
        for service in SERVICES
        for rpc, who in callers(service).items()
        if who & {BANK, COMMITTEE} and not re.fullmatch(READING, rpc.rpartition("/")[2])
    }


def said_of(rpc):
    """The comment of an RPC in its contract."""
    text = (ROOT / "protos/gen/cbss/descriptors.binpb").read_bytes()
    for file in descriptor_pb2.FileDescriptorSet.FromString(text).file:
        said = {tuple(at.path): at.leading_comments for at in file.source_code_info.location}
        for s, declared in enumerate(file.service):
            for m, method in enumerate(declared.method):
                if f"{file.package}.{declared.name}/{method.name}" == rpc:
                    return said[(6, s, 2, m)]
    raise LookupError(rpc)


def test_every_act_of_a_person_says_what_it_does():
    assert acts().keys() == {*STOPS, *PREPARES, *DECIDES}


@pytest.mark.parametrize("rpc", sorted(PREPARES))
def test_the_bank_prepares_what_the_committee_decides(rpc):
    assert acts()[rpc] == {BANK}
    assert PREPARES[rpc] in {one.rpartition("/")[2] for one in DECIDES}


@pytest.mark.parametrize("rpc", sorted(DECIDES))
def test_the_committee_alone_decides_and_never_who_prepared(rpc):
    assert acts()[rpc] == {COMMITTEE}
    assert {"SECOND_PERSON_NEEDED", "OFFICES_MIXED"} <= set(re.findall(r"[A-Z_]+", said_of(rpc)))


@pytest.mark.parametrize("rpc", sorted(STOPS))
def test_to_stop_takes_one_of_either(rpc):
    assert acts()[rpc] == {BANK, COMMITTEE}
    assert "SECOND_PERSON_NEEDED" not in said_of(rpc)
