"""How files arrive: never more of them is held than could be kept, and what cannot be held is said in words."""

from enum import Enum
from io import BytesIO
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_AT_ONCE = 5  # times the largest file that may be kept


class Problem(Enum):
    TOO_MUCH_AT_ONCE = "too much at once"
    NO_ROOM = "no room"


class Upload(UploadedFile):
    """A file that arrived. Of one beyond every limit only the size is known; `problem` says why else it is empty."""

    problem = None


class UploadHandler(FileUploadHandler):
    """Takes the place of Django's handlers, which hold whatever is sent, however much, and fail where the disk is full.

    The rest of a file that is too large is read and thrown away: its sender hears how large it was.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self._largest = max(settings.FILE_LIMITS.values())
        self._held = 0
        self._file = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        # Closed with the request, or in upload_interrupted.
        self._file = SpooledTemporaryFile(  # noqa: SIM115
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR
        )
        self._problem = None

    def receive_data_chunk(self, raw_data, start):
        if self._file is None:
            return
        self._held += len(raw_data)
        if start + len(raw_data) > self._largest:
            self._let_go(None)
        elif self._held > MOST_AT_ONCE * self._largest:
            self._let_go(Problem.TOO_MUCH_AT_ONCE)
        else:
            try:
                self._file.write(raw_data)
            except OSError:
                self._let_go(Problem.NO_ROOM)

    def file_complete(self, file_size):
        file, self._file = self._file or BytesIO(), None
        try:
            file.seek(0)
        except OSError:  # what was still on its way to the disk found no room
            file, self._problem = BytesIO(), Problem.NO_ROOM
        upload = Upload(file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)
        upload.problem = self._problem
        return upload

    def upload_interrupted(self):
        self._let_go(None)

    def _let_go(self, problem):
        self._problem = problem
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError:
            pass
        self._file = None
