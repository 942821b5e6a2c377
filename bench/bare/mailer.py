"""The bare smtplib that delivery is measured against: hand the messages of a file to a mail server, one after another.

python -m bench.bare.mailer PORT FILE      (pickled: sender, recipient, bytes)
"""

import pickle
import smtplib
import sys
from pathlib import Path


def main(port: str, path: str) -> int:
    messages = pickle.loads(Path(path).read_bytes())  # noqa: S301 (written by the bench itself)
    with smtplib.SMTP("127.0.0.1", int(port)) as server:
        for sender, recipient, content in messages:
            server.sendmail(sender, [recipient], content)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
