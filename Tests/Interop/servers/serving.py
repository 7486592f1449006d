"""What both Python servers have in common: how they are called, and what the paths of their URLs mean.

/                     echoes every message as it came
/close/CODE/REASON    closes with that code and reason after the first message
/fragments/N/SIZE     sends one text message in N fragments of SIZE bytes, then echoes
/push/COUNT/SIZE      sends COUNT text messages, their numbers from 0 padded to SIZE digits, then echoes
/expect-close         echoes, and prints `closed CODE REASON` when the client has closed

A server prints its URL when it listens, and ends when its standard input does: it can't outlive who started it.
"""
import argparse
import asyncio
import signal
import socket
import ssl
import sys
from urllib.parse import unquote


class Place:
    """Where a server listens: on loopback, with TLS if there is a certificate."""

    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument("--port", type=int, default=0, help="0: a free one")
        parser.add_argument("--cert", help="a certificate: serve wss")
        parser.add_argument("--key", help="its key")
        arguments = parser.parse_args()
        self.tls = None
        if arguments.cert:
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.tls.load_cert_chain(arguments.cert, arguments.key)
        self.socket = socket.create_server(("127.0.0.1", arguments.port), backlog=128)

    def announce(self):
        scheme, host = ("wss", "localhost") if self.tls else ("ws", "127.0.0.1")
        print("%s://%s:%d" % (scheme, host, self.socket.getsockname()[1]), flush=True)


def words(path):
    """The words of a path, without their escapes, with an empty one at least."""
    return [unquote(word) for word in path.split("?")[0].split("/")[1:]]


def fragments(count, size):
    """The texts of a message in fragments: each is a letter, the next one's the next."""
    return [chr(ord("a") + number % 26) * int(size) for number in range(int(count))]


def numbers(count, size):
    """The texts of messages that have an order."""
    return (str(number).zfill(int(size)) for number in range(int(count)))


def tell_close(code, reason):
    print("closed %s %s" % (code, reason), flush=True)


async def until_told():
    """Waits for the end of standard input, or for SIGTERM."""
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, end.set)
    loop.add_signal_handler(signal.SIGINT, end.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    input_end = loop.create_task(reader.read())
    input_end.add_done_callback(lambda _: end.set())
    await end.wait()
