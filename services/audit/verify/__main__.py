"""Proves a store from the command line: `python -m services.audit.verify --help`."""

import argparse
import os
import sys
import time
from pathlib import Path

from services.audit.log.store.objects import storage_of
from services.audit.log.verification.promises import PromiseFiles
from services.audit.log.verification.signatures import Signatures, verifier
from services.audit.log.verification.whole import PATIENCE, Store, Told, verify_store
from services.audit.verify.duties import beside
from services.wire.references import decode_archive

SHOWN = 100
"""How many findings are told one by one."""


def main() -> None:
    """The command; ends with code 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="services.audit.log.verification", description=__doc__)
    parser.add_argument("--dsn-file", type=Path, required=True, help="where the database is")
    parser.add_argument("--log", type=Path, help="the folder of tiles; without it, in the database")
    parser.add_argument("--key", required=True, help="the log's public key, or a file with it")
    parser.add_argument("--witness-key", help="the witness's, if it must have cosigned")
    parser.add_argument(
        "--earlier", type=Path, action="append", default=[], help="a checkpoint kept elsewhere"
    )
    parser.add_argument(
        "--witness",
        default="",
        help="who says what was cosigned last: host:port, or a file",
    )
    parser.add_argument(
        "--subject-keys", type=Path, help="the secret that hides persons: proves the keys of months"
    )
    parser.add_argument(
        "--registry",
        type=Path,
        help="an archive of the registry: proves its acts and what they made",
    )
    parser.add_argument("--promises", type=Path, help="the folder of what was acknowledged")
    parser.add_argument("--promises-key", help="the public key of who acknowledged it")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds within which all must be signed"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    dsn = given.dsn_file.read_text().strip()
    signatures = Signatures(
        storage_of(given.log, dsn),
        verifier(given.key),
        verifier(given.witness_key) if given.witness_key else None,
        given.earlier,
        given.witness,
    )
    promises = None
    if given.promises and given.promises_key:
        promises = PromiseFiles(given.promises, verifier(given.promises_key))
    store = Store(
        dsn=dsn,
        signatures=signatures,
        subject_keys=given.subject_keys,
        beside=beside(decode_archive(given.registry.read_bytes())[0] if given.registry else None),
        promises=promises,
        patience=given.patience,
    )
    sys.exit(0 if report_verdict(store, given.workers) else 1)


def report_verdict(store: Store, workers: int) -> bool:
    """Prove the store and say what came of it; whether all is well."""
    begun = time.monotonic()
    verdict = verify_store(store, workers, _progress(begun))
    took = time.monotonic() - begun
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    for finding in verdict.findings[:SHOWN]:
        print(finding)
    if len(verdict.findings) > SHOWN:
        print(f"and {len(verdict.findings) - SHOWN} more")
    print(
        f"{verdict.size} signed: {verdict.proved} records proved, {verdict.forgotten} forgotten, "
        f"{verdict.unsigned} not signed yet; {len(verdict.findings)} findings; {took:.1f} s"
    )
    return not verdict.findings


def _progress(begun: float) -> Told:
    def tell(done: int, all_of_them: int) -> None:
        rate = done / max(time.monotonic() - begun, 1e-6)
        end = "\r" if sys.stderr.isatty() else "\n"
        sys.stderr.write(f"{done} of {all_of_them} records, {rate:,.0f}/s{end}")
        sys.stderr.flush()

    return tell


if __name__ == "__main__":
    main()
