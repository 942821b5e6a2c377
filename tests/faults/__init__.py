"""The promise of the outbox under faults: nothing is lost, and nothing comes twice that need not.

    python -m tests.faults [case …]      for example: python -m tests.faults 1 3b

Servers, web, worker and beat run for real in a folder of their own; a mail server counts what arrives. One of
them is hurt while 200 alerts are on their way. One line a case; the exit code is 1 when a promise was broken.

An email may come twice only when its sender was hurt after the mail server had taken it and before it could be
marked as sent, once for each time, and always with the same Message-ID.
"""
