"""As whom of the bank or of the committee one calls: by the names of the profile."""

from typing import Annotated

import typer

OPERATOR, MEMBER = "operator", "committee-member"
"""Who prepares and who decides, unless somebody else is named."""

AsOperator = Annotated[
    str, typer.Option("--as", help="The operator, by the name in the profile; to open takes two.")
]
AsMember = Annotated[
    str, typer.Option("--as", help="The member of the committee, by the name in the profile.")
]
AsEither = Annotated[
    str, typer.Option("--as", help="The operator, or the member of the committee.")
]
