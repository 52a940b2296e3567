"""Packet documents: a Word file from a hub's template, a PDF from the Word file, and their store.

`render_docx` fills a template, `check_template` judges an uploaded one, `convert_to_pdf` makes the
PDF, `preflight` reads what a court's filing desk will ask of it, and `FolderStore` keeps them all
encrypted. None of them knows the database or Temporal; all but `convert_to_pdf` block, so call
them from a thread.
"""

from activities.documents.docx_package import parts_hash
from activities.documents.docx_rendering import render_docx
from activities.documents.errors import (
    ConversionError,
    ConversionFailed,
    ConversionTimeout,
    ConverterMissing,
    DocumentDamaged,
    DocumentError,
    DocumentMissing,
    NotADocx,
    PacketIncomplete,
    PdfUnreadable,
    PhotographUnreadable,
    RenderingTooLarge,
    StoreAway,
    StoreError,
    StoreFull,
    TemplateError,
    TemplateRefused,
    TemplateSyntax,
    UnknownPlaceholder,
    UnsafeExpression,
    UploadRefused,
)
from activities.documents.packet_context import packet_context
from activities.documents.packet_examples import (
    complete_packet,
    full_packet,
    full_release_packet,
    sparse_packet,
    sparse_release_packet,
)
from activities.documents.packet_values import (
    Approval,
    CounselOfRecord,
    CourtRoom,
    EnclosedExhibit,
    EnclosedLetter,
    Hearing,
    Helper,
    HubLetterhead,
    MitigationPacket,
    Passage,
    Person,
    Photograph,
    SupportStep,
)
from activities.documents.pdf_conversion import convert_to_pdf, find_converter
from activities.documents.pdf_facts import PdfFacts, preflight
from activities.documents.pictures import Picture
from activities.documents.sealing import Cipher
from activities.documents.store import DocumentStore, Entry, FolderStore, StoredDocument
from activities.documents.template_check import CheckedTemplate, check_template

__all__ = [
    "Approval",
    "CheckedTemplate",
    "Cipher",
    "ConversionError",
    "ConversionFailed",
    "ConversionTimeout",
    "ConverterMissing",
    "CounselOfRecord",
    "CourtRoom",
    "DocumentDamaged",
    "DocumentError",
    "DocumentMissing",
    "DocumentStore",
    "EnclosedExhibit",
    "EnclosedLetter",
    "Entry",
    "FolderStore",
    "Hearing",
    "Helper",
    "HubLetterhead",
    "MitigationPacket",
    "NotADocx",
    "PacketIncomplete",
    "Passage",
    "PdfFacts",
    "PdfUnreadable",
    "Person",
    "Photograph",
    "PhotographUnreadable",
    "Picture",
    "RenderingTooLarge",
    "StoreAway",
    "StoreError",
    "StoreFull",
    "StoredDocument",
    "SupportStep",
    "TemplateError",
    "TemplateRefused",
    "TemplateSyntax",
    "UnknownPlaceholder",
    "UnsafeExpression",
    "UploadRefused",
    "check_template",
    "complete_packet",
    "convert_to_pdf",
    "find_converter",
    "full_packet",
    "full_release_packet",
    "packet_context",
    "parts_hash",
    "preflight",
    "render_docx",
    "sparse_packet",
    "sparse_release_packet",
]
