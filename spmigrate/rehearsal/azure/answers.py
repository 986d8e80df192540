"""Answers in the form of Azure Storage: headers that every answer has, XML, and refusals."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from spmigrate.rehearsal.http import Request, Response

XML = "application/xml"
_MESSAGES = {
    "AuthenticationFailed": (403, "Server failed to authenticate the request. Make sure the value of Authorization "
                             "header is formed correctly including the signature."),
    "AuthorizationFailure": (403, "This request is not authorized to perform this operation."),
    "AuthorizationPermissionMismatch": (
        403, "This request is not authorized to perform this operation using this permission."),
    "NoAuthenticationInformation": (401, "Server failed to authenticate the request. Please refer to the information "
                                    "in the www-authenticate header."),
    "ResourceNotFound": (404, "The specified resource does not exist."),
    "ContainerNotFound": (404, "The specified container does not exist."),
    "BlobNotFound": (404, "The specified blob does not exist."),
    "QueueNotFound": (404, "The specified queue does not exist."),
    "MessageNotFound": (404, "The specified message does not exist."),
    "PopReceiptMismatch": (400, "The specified pop receipt did not match the pop receipt for a dequeued message."),
    "MessageTooLarge": (400, "The message exceeds the maximum allowed size."),
    "BlobAlreadyExists": (409, "The specified blob already exists."),
    "SnapshotsPresent": (409, "This operation is not permitted while the blob has snapshots."),
    "InvalidBlobOrBlock": (400, "The specified blob or block content is invalid."),
    "InvalidBlockId": (400, "The specified block ID is invalid. The block ID must be Base64-encoded."),
    "InvalidBlockList": (400, "The specified block list is invalid."),
    "InvalidBlobType": (409, "The blob type is invalid for this operation."),
    "InvalidHeaderValue": (400, "The value for one of the HTTP headers is not in the correct format."),
    "MissingRequiredHeader": (400, "A header that's mandatory for this request is not specified."),
    "InvalidQueryParameterValue": (
        400, "Value for one of the query parameters specified in the request URI is invalid."),
    "OutOfRangeQueryParameterValue": (
        400, "One of the query parameters specified in the request URI is outside the permissible range."),
    "MissingRequiredQueryParameter": (400, "A query parameter that's mandatory for this request is not specified."),
    "InvalidXmlDocument": (400, "XML specified is not syntactically valid."),
    "InvalidMetadata": (400, "The metadata specified is invalid. It has characters that are not permitted."),
    "InvalidMd5": (400, "The MD5 value specified in the request is invalid. The MD5 value must be 128 bits and "
                   "Base64-encoded."),
    "Md5Mismatch": (400, "The MD5 value specified in the request did not match with the MD5 value calculated by the "
                    "server."),
    "InvalidCrc64": (400, "The CRC64 value specified in the request is invalid. The CRC64 value must be 64 bits and "
                     "Base64-encoded."),
    "Crc64Mismatch": (400, "The CRC64 value specified in the request did not match with the CRC64 value calculated by "
                      "the server."),
    "BlockCountExceedsLimit": (409, "The uncommitted block count cannot exceed the maximum limit of 100,000 blocks."),
    "BlockListTooLong": (400, "The block list may not contain more than 50,000 blocks."),
    "RequestBodyTooLarge": (413, "The request body is too large and exceeds the maximum permissible limit."),
    "InvalidRange": (416, "The range specified is invalid for the current size of the resource."),
    "ConditionNotMet": (412, "The condition specified using HTTP conditional header(s) is not met."),
    "UnsupportedHttpVerb": (405, "The resource doesn't support specified Http Verb."),
    "LeaseIdMissing": (412, "There is currently a lease on the blob and no lease ID was specified in the request."),
    "LeaseIdMismatchWithBlobOperation": (412, "The lease ID specified did not match the lease ID for the blob."),
    "LeaseNotPresentWithBlobOperation": (412, "There is currently no lease on the blob."),
    "LeaseIdMismatchWithLeaseOperation": (409, "The lease ID specified did not match the lease ID for the blob."),
    "LeaseNotPresentWithLeaseOperation": (409, "There is currently no lease on the blob."),
    "LeaseAlreadyPresent": (409, "There is already a lease present."),
    "CannotVerifyCopySource": (404, "The specified blob does not exist."),
    "ServerBusy": (503, "The server is currently unable to receive requests. Please retry your request."),
    "InternalError": (500, "The server encountered an internal error. Please retry the request."),
    "OperationTimedOut": (500, "The operation could not be completed within the permitted time."),
    "NotImplemented": (501, "The requested operation is not implemented on the specified resource."),
}  # fmt: skip


class AzureError(Exception):
    """A refusal of Azure Storage; `code` is one of its own error codes, `more` goes into the XML beside it."""

    def __init__(
        self, code: str, *, message: str = "", headers: Mapping[str, str] | None = None, status: int = 0, **more: str
    ) -> None:
        super().__init__(code)
        self.code = code
        usual_status, usual = _MESSAGES[code]
        self.status = status or usual_status
        self.message = message or usual
        self.headers = dict(headers or {})
        self.more = more


def refuse(error: AzureError, request: Request) -> Response:
    """The refusal as it is sent; a HEAD request's has its code in a header alone."""
    identity = request_id()
    headers = {"x-ms-error-code": error.code, "content-type": XML, **error.headers}
    if request.method == "HEAD":
        return finish(Response(error.status, headers), request, identity=identity)
    root = Element("Error")
    SubElement(root, "Code").text = error.code
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    SubElement(root, "Message").text = f"{error.message}\nRequestId:{identity}\nTime:{now}"
    for name, value in error.more.items():
        SubElement(root, name).text = value
    return finish(Response(error.status, headers, write_xml(root)), request, identity=identity)


def finish(response: Response, request: Request, *, identity: str = "") -> Response:
    """Add the headers that every answer has."""
    queue = ".queue." in request.host
    headers = {
        "server": f"Windows-Azure-{'Queue' if queue else 'Blob'}/1.0 Microsoft-HTTPAPI/2.0",
        "x-ms-request-id": identity or request_id(),
        "x-ms-version": request.headers.get("x-ms-version", "") or request.parameters().get("sv", "2018-03-28"),
    }
    told = request.headers.get("x-ms-client-request-id")
    if told:
        headers["x-ms-client-request-id"] = told
    return Response(response.status, {**headers, **response.headers}, response.body, response.file)


def request_id() -> str:
    """A request's id as Azure Storage writes them: the last part names the time."""
    return f"{str(uuid.uuid4())[:-12]}{'000000'}{uuid.uuid4().hex[:6]}"


def write_xml(root: Element) -> bytes:
    """An XML document as Azure Storage sends it, with a byte order mark."""
    return f'\ufeff<?xml version="1.0" encoding="utf-8"?>{tostring(root, encoding="unicode")}'.encode()


def http_date(seconds: float) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(datetime.fromtimestamp(int(seconds), UTC), usegmt=True)


def read_http_date(text: str) -> float:
    """The moment in an HTTP date; an `AzureError` when it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        raise AzureError("InvalidHeaderValue", HeaderValue=text) from None
