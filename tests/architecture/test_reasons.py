"""A failure's reason is part of the contract: classes and `ErrorReason` enums agree, both ways."""

import importlib
import inspect
import pkgutil

import pytest

from services.concepts import failures
from tests.architecture.project import SERVICES

KINDS = {
    kind
    for _, kind in inspect.getmembers(failures, inspect.isclass)
    if issubclass(kind, failures.Failure) and kind is not failures.InvalidArgument
}


def enum_of(package):
    try:
        module = importlib.import_module(f"cbss.{package}.v1.error_reason_pb2")
    except ModuleNotFoundError:
        return set()
    names = {
        name.removeprefix("ERROR_REASON_") for name in module.ErrorReason.DESCRIPTOR.values_by_name
    }
    return names - {"UNSPECIFIED"}


def classes_of(*modules):
    return {
        thing
        for module in modules
        for _, thing in inspect.getmembers(importlib.import_module(module), inspect.isclass)
        if issubclass(thing, failures.Failure) and thing.__module__ == module
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_failure_of_a_service_is_in_its_contract(service):
    found = {failure.reason() for failure in classes_of(f"services.{service}.errors")}

    assert found == enum_of(service)


def test_every_shared_failure_is_in_the_common_contract():
    found = {
        failure.reason()
        for failure in classes_of("services.kit.errors", "services.admission.errors")
    }

    assert found | {"INVALID_ARGUMENT", "DEADLINE_SPENT", "INTERNAL"} == enum_of("common")


def test_failures_are_declared_where_they_are_looked_for():
    import services

    stray = []
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if module.name.rsplit(".", 1)[-1] in ("__main__", "errors", "failures"):
            continue
        stray += [f"{c.__module__}.{c.__name__}" for c in classes_of(module.name)]

    assert stray == []
