"""Archives of the registry, as its job writes them."""

from datetime import UTC, datetime

from cbss.registry.v1 import archive_pb2, change_pb2, reference_pb2


def archive(*organizations, acts=(), differing=(), at=None):
    """The archive of a registry in which these organizations are, by the fields of the message."""
    made = archive_pb2.Archive(
        snapshot=reference_pb2.Snapshot(
            version=1,
            organizations=[
                reference_pb2.Organization(network="NETWORK_PRIMARY", **{"name": "n", **one})
                for one in organizations
            ],
        ),
        acts=acts,
        differing=differing,
    )
    made.made_at.FromDatetime(at or datetime.now(UTC))
    return made


def act(act_id, *changes, at, **others):
    """An act that is in force and recorded, unless others say otherwise."""
    told = {"state": "ACT_STATE_IN_FORCE", "recorded": True, "prepared_by": "one.person"}
    made = change_pb2.Act(
        act_id=str(act_id),
        changes=changes,
        **{**told, "decided_by": "another.person", "content_sha256": b"\x07" * 32, **others},
    )
    made.prepared_at.FromDatetime(at)
    made.decided_at.FromDatetime(at)
    return made
