"""Where documents are kept, from settings alone; contradictions are told at once."""

from pathlib import Path

import pytest

from activities.channels import Misconfigured
from activities.documents.s3_store import BucketStore
from activities.documents.store import FolderStore
from engine.building import open_documents
from tests.activities.documents.ciphers import SimpleCipher
from tests.houses import settings_in
from tests.s3_server import KEY_ID, SECRET, S3Server

ACCESS = {"documents_s3_key_id": KEY_ID, "documents_s3_secret": SECRET}


def test_without_a_word_they_are_in_a_folder(tmp_path: Path) -> None:
    store = open_documents(settings_in(tmp_path), SimpleCipher())

    assert isinstance(store, FolderStore)
    store.put(b"x")
    assert (tmp_path / "documents" / "naming-key").exists()


def test_with_a_bucket_they_are_there(tmp_path: Path, s3_server: S3Server) -> None:
    settings = settings_in(
        tmp_path,
        documents_s3_url="s3://documents/liberty-city",
        documents_s3_endpoint=s3_server.url + "/",
        **ACCESS,
    )

    store = open_documents(settings, SimpleCipher())

    assert isinstance(store, BucketStore)
    key = store.put(b"a letter").key
    assert open_documents(settings, SimpleCipher()).get(key) == b"a letter"
    assert not (tmp_path / "documents").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"documents_s3_url": "documents"}, "s3://bucket"),
        ({"documents_s3_url": "https://s3.example.org/documents"}, "s3://bucket"),
        ({"documents_s3_url": "s3:///folder"}, "s3://bucket"),
        ({"documents_s3_url": "s3://d", "documents_s3_endpoint": "s3.example.org"}, "https://"),
        ({"documents_s3_url": "s3://d", "documents_s3_key_id": "id"}, "together"),
        ({"documents_s3_url": "s3://d", "documents_s3_secret": "secret"}, "together"),
    ],
)
def test_settings_that_cannot_be_used_say_what_to_write(
    tmp_path: Path, more: dict[str, str], said: str
) -> None:
    with pytest.raises(Misconfigured, match=said) as refused:
        open_documents(settings_in(tmp_path, **more), SimpleCipher())
    assert "secret'" not in str(refused.value)
