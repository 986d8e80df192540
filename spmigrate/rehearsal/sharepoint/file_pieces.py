"""Files that arrive in pieces: StartUpload, ContinueUpload, FinishUpload, CancelUpload."""

from __future__ import annotations

from pathlib import Path

from spmigrate.rehearsal.blobs import Checksum
from spmigrate.rehearsal.content import Item
from spmigrate.rehearsal.http import Body
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument
from spmigrate.rehearsal.sharepoint.model import Call, Resource, action, as_guid, function
from spmigrate.rehearsal.storage import Entity

_PIECE = 4 * 1024 * 1024


class Pieces(Resource):
    """The part of a file that takes its bytes in pieces."""

    item: Item
    owner: Entity
    address: str

    @action("StartUpload")
    def start_upload(self, call: Call) -> str:
        """The first piece of a large file; the answer is the place to go on at."""
        self.scope.content.refuse_if_locked(self.item, self.scope.claims.login)
        part = self._part_file(call)
        part.unlink(missing_ok=True)
        return str(_append(part, call.upload))

    @action("StartUploadFile")
    def start_upload_file(self, call: Call) -> Pieces:
        """The first piece, answered with the file."""
        self.start_upload(call)
        return self

    @action("ContinueUpload")
    def continue_upload(self, call: Call) -> str:
        """One more piece."""
        return str(_append(self._begun(call), call.upload))

    @action("FinishUpload")
    def finish_upload(self, call: Call) -> Pieces:
        """The last piece: the file gets its bytes."""
        part = self._begun(call)
        _append(part, call.upload)
        checksum = Checksum()
        checksum.read(part)
        self._take_bytes(part, checksum)
        part.unlink(missing_ok=True)
        return self

    @action("FinishUploadWithChecksum")
    def finish_with_checksum(self, call: Call) -> Pieces:
        """The last piece, refused when the bytes are not those that the checksum (QuickXorHash) says."""
        part = self._begun(call)
        _append(part, call.upload)
        checksum = Checksum()
        checksum.read(part)
        wanted = call.text("checksum", 2, default="")
        if wanted and checksum.blob().hash != wanted:
            part.unlink(missing_ok=True)
            raise bad_argument("The checksum of the uploaded file does not match.\r\nParameter name: checksum")
        self._take_bytes(part, checksum)
        part.unlink(missing_ok=True)
        return self

    @action("CancelUpload")
    def cancel_upload(self, call: Call) -> None:
        """Forget the pieces; a file that never had bytes goes with them."""
        self._part_file(call).unlink(missing_ok=True)
        if self.item.size == 0 and self.item.etag == 1:
            self.scope.content.purge(self.item)

    @function("GetUploadStatus")
    def upload_status(self, call: Call) -> dict[str, object]:
        """How far an upload is."""
        part = self._begun_file(call)
        return {"ExpectedContentRange": None, "Offset": str(part.stat().st_size), "UploadId": self._identity(call)}

    def _take_bytes(self, part: Path, checksum: Checksum) -> None:
        blob = self.scope.content.blobs.adopt(part, checksum)
        self.item = self.scope.content.write(self.item, by=self.scope.claims.login, blob=blob)

    def _begun(self, call: Call) -> Path:
        part = self._begun_file(call)
        if part.stat().st_size != call.number("fileOffset", 1):
            raise bad_argument("The file offset is not valid.\r\nParameter name: fileOffset")
        return part

    def _begun_file(self, call: Call) -> Path:
        part = self._part_file(call)
        if not part.exists():
            message = "The upload session was not found. It was never started, is finished, or was cancelled."
            raise ODataError(404, f"-2130575338, {SP_EXCEPTION}", message)
        return part

    def _part_file(self, call: Call) -> Path:
        return self.scope.content.blobs.uploads / f"rest-{self.item.guid}-{self._identity(call)}"

    def _identity(self, call: Call) -> str:
        identity = as_guid(call.value("uploadId", 0))
        if identity is None:
            raise bad_argument("Value cannot be null.\r\nParameter name: uploadId")
        return identity


def _append(part: Path, upload: Body) -> int:
    with part.open("ab") as out:
        if upload.file is None:
            out.write(upload.small)
        else:
            with upload.file.open("rb") as given:
                while piece := given.read(_PIECE):
                    out.write(piece)
    return part.stat().st_size
