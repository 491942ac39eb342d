"""The files of one identity."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.authority import Issued


@dataclass(frozen=True)
class Credentials:
    """The files of one identity."""

    certificate: Path
    private_key: Path

    def issued(self) -> Issued:
        """What the files hold."""
        key = load_pem_private_key(self.private_key.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Issued(x509.load_pem_x509_certificate(self.certificate.read_bytes()), key)
