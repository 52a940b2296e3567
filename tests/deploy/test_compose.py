"""What this project asks of its own `docker-compose.yml`, beyond being valid.

No Docker engine is needed: the file is read as YAML and each rule is a test.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from cli.main import COMMANDS
from engine.settings import Settings
from tests.deploy.project import ROOT, compose, pyproject, services

JOBS = {"temporal-schema", "temporal-namespace", "migrate"}
HOMEWARD = {"migrate", "worker", "packets", "relay", "web"}
EVERY_SERVICE = sorted(services())
LONG_RUNNING = sorted(set(services()) - JOBS)


def mounts(service: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(source, target, mode) of each volume; the mode is empty when none is given."""
    parts = [str(volume).split(":") for volume in service.get("volumes", [])]
    return [(source, target, mode[0] if mode else "") for source, target, *mode in parts]


def environment(name: str) -> dict[str, str]:
    found: dict[str, str] = services()[name].get("environment", {})
    return found


def test_every_part_that_the_deployment_needs_is_there() -> None:
    parts = {"postgres", "temporal", "temporal-ui", "worker", "packets", "relay", "web"}

    assert set(services()) == parts | JOBS


@pytest.mark.parametrize("name", EVERY_SERVICE)
def test_images_are_pinned_by_an_exact_version(name: str) -> None:
    image = services()[name]["image"]

    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", image)


def test_the_homeward_image_carries_the_project_version() -> None:
    version = pyproject()["project"]["version"]

    assert {services()[name]["image"] for name in HOMEWARD} == {f"homeward:{version}"}


def test_temporal_server_and_its_tools_have_one_version() -> None:
    tags = {
        services()[name]["image"].partition(":")[2]
        for name in ("temporal", "temporal-schema", "temporal-namespace")
    }

    assert len(tags) == 1


def test_only_the_web_server_and_temporals_pages_publish_a_port() -> None:
    publishing = {name for name, service in services().items() if "ports" in service}

    assert publishing == {"web", "temporal-ui"}
    assert services()["temporal-ui"]["ports"] == ["127.0.0.1:8080:8080"]
    assert services()["web"]["ports"] == ["${HOMEWARD_LISTEN:-127.0.0.1:8000}:8000"]


@pytest.mark.parametrize("name", ["postgres", "temporal", "temporal-schema", "temporal-namespace"])
def test_what_needs_no_way_out_has_none(name: str) -> None:
    assert services()[name]["networks"] == ["inside"]
    assert compose()["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_what_runs_on_has_a_health_check_and_comes_back(name: str) -> None:
    service = services()[name]

    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])


@pytest.mark.parametrize("name", sorted(JOBS))
def test_jobs_are_tried_again_but_not_for_ever(name: str) -> None:
    assert re.fullmatch(r"on-failure:\d+", services()[name]["restart"])


@pytest.mark.parametrize("name", EVERY_SERVICE)
def test_a_service_waits_for_what_can_come_true(name: str) -> None:
    for awaited, how in services()[name].get("depends_on", {}).items():
        assert awaited in services()
        if how["condition"] == "service_completed_successfully":
            assert awaited in JOBS
        else:
            assert how["condition"] == "service_healthy"
            assert "test" in services()[awaited]["healthcheck"]


def test_the_parts_start_in_an_order_without_a_circle() -> None:
    waiting = {name: set(service.get("depends_on", {})) for name, service in services().items()}
    started: set[str] = set()
    while ready := {name for name, needs in waiting.items() if needs <= started} - started:
        started |= ready

    assert started == set(services())


@pytest.mark.parametrize("name", EVERY_SERVICE)
def test_mounted_files_exist_and_cannot_be_written(name: str) -> None:
    for source, _target, mode in mounts(services()[name]):
        if source.startswith("."):
            assert (ROOT / source).is_file()
            assert mode == "ro"
        else:
            assert source in compose()["volumes"]


def test_the_database_lives_on_a_named_volume() -> None:
    assert ("postgres", "/var/lib/postgresql/data", "") in mounts(services()["postgres"])


def test_only_the_migration_may_write_the_keys() -> None:
    modes = {name: {s: m for s, _t, m in mounts(services()[name])} for name in HOMEWARD}

    assert {name: found["keys"] for name, found in modes.items()} == {
        "migrate": "",
        "worker": "ro",
        "packets": "ro",
        "relay": "ro",
        "web": "ro",
    }


def test_the_worker_can_be_scaled() -> None:
    assert not {"container_name", "ports", "hostname"} & set(services()["worker"])


def test_no_password_stands_in_the_file() -> None:
    variables = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")
    for name in EVERY_SERVICE:
        for key, value in environment(name).items():
            if "PASSWORD" in key or key == "POSTGRES_PWD":
                assert variables.fullmatch(str(value)), f"{name}: {key}"


def test_homeward_talks_to_postgresql_and_temporal_by_their_service_names() -> None:
    for name in HOMEWARD:
        address = environment(name)["HOMEWARD_DATABASE_URL"]
        assert address.startswith("postgresql+psycopg://homeward:${HOMEWARD_DB_PASSWORD:?")
        assert address.endswith("@postgres:5432/homeward")
        assert environment(name)["TEMPORAL_ADDRESS"] == "temporal:7233"


def test_homeward_and_the_namespace_job_mean_the_same_namespace() -> None:
    names = {*HOMEWARD, "temporal-namespace"}

    assert len({environment(name)["TEMPORAL_NAMESPACE"] for name in names}) == 1


def test_the_number_of_history_shards_is_what_it_always_was() -> None:
    assert environment("temporal")["NUM_HISTORY_SHARDS"] == "512"


def test_the_dynamic_configuration_is_where_the_server_looks() -> None:
    targets = {target for _source, target, _mode in mounts(services()["temporal"])}

    assert environment("temporal")["DYNAMIC_CONFIG_FILE_PATH"] in targets


def test_temporals_pages_can_only_look() -> None:
    assert environment("temporal-ui")["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"


def test_a_worker_has_time_to_finish_before_it_is_killed() -> None:
    assert int(services()["worker"]["stop_grace_period"].removesuffix("s")) > 30


def test_every_setting_that_a_container_is_given_is_one_that_homeward_reads() -> None:
    known = {f"HOMEWARD_{name.upper()}" for name in Settings.model_fields}
    given = {key for name in HOMEWARD for key in environment(name) if key.startswith("HOMEWARD_")}

    assert given <= known


def test_the_command_of_each_container_is_one_that_homeward_knows() -> None:
    assert {services()[name]["command"][0] for name in HOMEWARD} <= set(COMMANDS)
