"""Settings, by environment alone. Every name is written down in the README."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this installation runs. `HOMEWARD_…` unless named otherwise.

    Attributes:
        data: folder of the embedded databases, the key file and the documents.
        database_url: SQLAlchemy address of the records; SQLite in `data` by default.
        key_file: the encryption keys; in `data` by default.
        temporal_address: host:port of a Temporal server; "" for the embedded one.
        public_url: how people reach the pages; links and call-backs start with it.
        sms_url: base address of a Twilio-compatible provider; "" keeps texts in the outbox.
        sms_rate: texts a second that the SMS provider takes from each worker; 0 for no limit.
        voice_sender: the number that calls come from, on the same account; "" keeps them there.
        gateway_url: base address of an Android gateway, which carries texts instead.
        smtp_host: mail server; "" keeps e-mail in the outbox.
        documents_s3_url: `s3://bucket/folder` keeps documents there; "" keeps them in `data`.
        documents_s3_endpoint: `https://…` of an S3-compatible service; "" for Amazon's own.
        documents_s3_key_id: with `documents_s3_secret`, who may use the bucket; "" for the
            machine's own role, on Amazon's machines.
        mail_in_key: what a mail server signs incoming mail with; "" takes none over HTTP.
    """

    model_config = SettingsConfigDict(env_prefix="HOMEWARD_", extra="ignore", populate_by_name=True)

    port: int = Field(default=8000, ge=1, le=65535)
    host: str = "127.0.0.1"
    data: Path = Path("./var")
    database_url: str = ""
    key_file: Path | None = None
    public_url: str = ""

    temporal_address: str = Field(default="", validation_alias="TEMPORAL_ADDRESS")
    temporal_namespace: str = Field(default="default", validation_alias="TEMPORAL_NAMESPACE")
    temporal_port: int = 0

    sms_url: str = ""
    sms_account: str = ""
    sms_token: str = ""
    sms_sender: str = ""
    sms_rate: float = Field(default=0.0, ge=0.0)
    voice_sender: str = ""

    gateway_url: str = ""
    gateway_user: str = ""
    gateway_password: str = ""
    gateway_signing_key: str = ""

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_sender: str = ""
    smtp_starttls: Literal["auto", "always", "never", "implicit"] = "auto"
    mail_in_key: str = ""

    documents_s3_url: str = ""
    documents_s3_endpoint: str = ""
    documents_s3_region: str = "us-east-1"
    documents_s3_key_id: str = ""
    documents_s3_secret: str = ""

    soffice: str = ""
    log_level: str = "info"
    relay_seconds: float = 0.25
    workflow_cache: int = 1000

    @property
    def records_url(self) -> str:
        """Where the records are."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'homeward.db'}"

    @property
    def keys_at(self) -> Path:
        """Where the key file is."""
        return self.key_file or self.data / "homeward.key"

    @property
    def embedded(self) -> bool:
        """Whether the embedded Temporal server is used."""
        return not self.temporal_address

    @property
    def address_file(self) -> Path:
        """Where the running embedded server's address is noted for other commands."""
        return self.data / "temporal.address"

    @property
    def documents_at(self) -> Path:
        """The folder of the document store, where documents are kept on this machine."""
        return self.data / "documents"
