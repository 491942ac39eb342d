"""Who may write and read which register.

The bank's own register (primary) says which institution of the primary network knows a person. The
bodies of a secondary network stand behind a managing institution (Dutch: beheersinstelling): the
primary register names that one, and the sector's own register (secondary) names the body. Source:
the Crossroads Bank on its networks; its integration service, target registers.
"""

from collections.abc import Iterator

from services.admission.model import Party
from services.directory.model import Catalogue, Organization, Register


def is_secondary(organization: Organization, catalogue: Catalogue) -> bool:
    """Whether an organization stands behind a managing institution."""
    return organization.cbe_number in catalogue.managers


def writable_registers(
    party: Party[Organization], register: Register, catalogue: Catalogue
) -> tuple[tuple[Register, Organization], ...]:
    """Whose dossiers a registration in a register becomes; empty if the caller may not write it.

    A body of a secondary network writes its sector's register; what the primary one says of it is
    its managing institution's to write.
    """
    customer = party.customer
    if not is_secondary(customer, catalogue):
        primary = ((Register.PRIMARY, customer),)
        return () if register is Register.SECONDARY else primary
    secondary = ((Register.SECONDARY, customer),)
    if register is Register.SECONDARY:
        return secondary
    if catalogue.managers[customer.cbe_number] != party.caller.cbe_number:
        return ()
    primary = ((Register.PRIMARY, party.caller),)
    return primary if register is Register.PRIMARY else primary + secondary


def readable(
    party: Party[Organization], register: Register, sector: int | None, catalogue: Catalogue
) -> tuple[tuple[Register, Organization], ...]:
    """Whose registrations the caller may read in a register; empty if none.

    Its own sector only. Of the secondary register a managing institution reads what it manages,
    everybody else only its own.
    """
    place = party.customer.place
    if sector is not None and (place is None or place.sector != sector):
        return ()
    found = [(Register.PRIMARY, party.customer), (Register.SECONDARY, party.customer)]
    found += [(Register.SECONDARY, one) for one in _managed(party.customer, catalogue)]
    if place is not None:
        found += [
            (Register.PRIMARY, one)
            for one in catalogue.organizations.values()
            if one.place is not None and one.place.sector == place.sector
        ]
    return tuple(
        dict.fromkeys(
            (kind, one)
            for kind, one in found
            if (kind is Register.SECONDARY) == is_secondary(one, catalogue)
            and register in (kind, Register.ALL)
        )
    )


def _managed(manager: Organization, catalogue: Catalogue) -> Iterator[Organization]:
    for number in manager.managed:
        if number in catalogue.organizations:
            yield catalogue.organizations[number]
