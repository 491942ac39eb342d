"""The client that the front page shows, as it stands there, against the running mesh."""

import asyncio
import re
import sys

from tests.architecture.project import ROOT


async def test_the_client_of_the_front_page_gets_its_answer(mesh):
    text = (ROOT / "README.md").read_text("utf-8")
    (client,) = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    here = client.replace(".cbss/certificates", str(mesh.state.certificates))
    here = here.replace("127.0.0.1:7443", mesh.ports.address("gateway"))

    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", here), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await done.communicate()

    assert done.returncode == 0
    assert b"MSG00000" in said
