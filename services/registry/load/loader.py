"""What the load job does with its files: all that they change becomes one act.

What the files do not name stays as it is, and what they name and is there already changes nothing.
The review of a file takes two persons, so that its act is approved; it waits for the trail as any.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog

from services.concepts.code_lists import code_lists
from services.concepts.problems import Problem
from services.concepts.reference import DataContract, Organization, Reference
from services.concepts.reviewed import LoadRefused, Written, read_yaml
from services.registry.errors import ChangeRefused
from services.registry.load import contracts, organizations
from services.registry.load.archive import with_waiting
from services.registry.model import Act, Change, Head, PutOrganization, RegisterContract, State
from services.registry.rules import changes
from services.registry.usecases import Form, Store

PREPARED_BY = "load"
DECIDED_BY = "review of the files"
log = structlog.get_logger()


class Loader:
    """Makes one act of some files."""

    def __init__(
        self,
        store: Store,
        form: Form,
        new_id: Callable[[], UUID],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._form = form
        self._new_id = new_id
        self._now = now

    async def load(self, files: Sequence[Path]) -> bool:
        """Prepare the act; whether no file was refused, and then nothing of any is loaded."""
        reference = await self._coming()
        wanted: list[Change] = []
        accepted = True
        for path in files:
            document = None
            try:
                document = read_yaml(path)
                wanted += _changes(document, reference)
            except LoadRefused as refused:
                accepted = _refuse(path, refused.problems, document)
        if not accepted or not wanted:
            return accepted
        try:
            changes.apply_change(wanted, reference, code_lists())
        except ChangeRefused as refused:
            for one in refused.violations:
                log.error("refused", field=_said(wanted, one.field), problem=one.description)
            return False
        await self._store.update([act_id := self._new_id()], self._approve(act_id, wanted))
        log.info("files loaded", changes=len(wanted))
        return True

    async def _coming(self) -> Reference:
        """What is in force, with what is approved and waits for the trail only."""
        reference = self._form.read(await self._store.head(b""))
        return with_waiting(reference, await self._store.unrecorded(1_000))

    def _approve(
        self, act_id: UUID, wanted: Sequence[Change]
    ) -> Callable[[Head, Sequence[Act]], tuple[Head, Sequence[Act]]]:
        now = self._now()
        act = Act(
            act_id,
            tuple(wanted),
            State.APPROVED,
            PREPARED_BY,
            now,
            DECIDED_BY,
            now,
        )
        return lambda head, _: (head, [act])


def _changes(document: Written, reference: Reference) -> Iterator[Change]:
    plain = document.plain
    if isinstance(plain, dict) and "organizations" in plain:
        for organization in organizations.read(plain, reference):
            if not _is_there(organization, reference):
                yield PutOrganization(organization)
    elif isinstance(plain, dict) and "data_contract" in plain:
        contract = contracts.read(plain)
        if _is_new(contract, reference):
            yield RegisterContract(contract)
    else:
        raise LoadRefused([Problem("", "is of no kind that is loaded", 1)])


def _is_there(organization: Organization, reference: Reference) -> bool:
    return reference.organizations.get(organization.cbe_number) == organization


def _is_new(contract: DataContract, reference: Reference) -> bool:
    known = reference.contracts.get(contract.name)
    if known is not None and known != contract:
        # A version is a promise to programs that are written: it stays as it was registered.
        log.warning("registered otherwise; left as it is", data_contract=str(contract.name))
    return known is None


def _said(wanted: Sequence[Change], field: str) -> str:
    """The field of an act, with the organization or contract that it is about."""
    change = wanted[int(field.partition("[")[2].partition("]")[0])]
    match change:
        case PutOrganization(organization):
            return f"{organization.cbe_number.digits} {field.partition('.')[2]}"
        case RegisterContract(contract):
            return f"{contract.name} {field.partition('.')[2]}"
    return field


def _refuse(path: Path, problems: Sequence[Problem], document: Written | None) -> bool:
    for problem in problems:
        line = document.line(problem.field) if document is not None else problem.line
        log.error(
            "refused", file=path.name, line=line, field=problem.field, problem=problem.description
        )
    log.error("file not loaded", file=path.name, problems=len(problems))
    return False
