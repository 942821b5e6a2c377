"""The secret in the link of an invitation: whoever knows it may join.

It is made of the invitation by a keyed hash (HMAC-SHA-256, RFC 2104, under SECRET_KEY), and only a digest of it is
kept. So the reminder can bring the very link of the first email, which stays good, while a copy of the database opens
no door.
"""

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC

from django.utils.crypto import salted_hmac


def secret_of(invitation) -> str:
    """256 bits in 43 letters, digits, hyphens and underscores. The invitation is saved."""
    made = invitation.created_at.astimezone(UTC).isoformat()
    value = f"{invitation.pk}/{invitation.programme_id}/{invitation.role}/{invitation.email}/{made}"
    secret = salted_hmac("programmes.links", value, algorithm="sha256").digest()
    return urlsafe_b64encode(secret).decode().rstrip("=")


def digest_of(secret) -> str:
    """What is kept of a secret: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
