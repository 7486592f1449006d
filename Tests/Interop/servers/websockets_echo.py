"""A server of the PyPI package websockets. What it understands: see serving.py."""
import asyncio
import os

os.environ["WEBSOCKETS_MAX_FRAGMENTS"] = str(1 << 30)  # read on import; by default 4096

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

import serving


async def talk(connection):
    word, *values = serving.words(connection.request.path)
    try:
        if word == "fragments":
            # The library adds an empty one, with FIN, when its iterator ends.
            await connection.send(serving.fragments(*values))
        if word == "push":
            for text in serving.numbers(*values):
                await connection.send(text)
        async for message in connection:
            if word == "close":
                await connection.close(int(values[0]), values[1])
            else:
                await connection.send(message)
    except ConnectionClosed:
        pass
    if word == "expect-close":
        serving.tell_close(connection.close_code, connection.close_reason)


async def main():
    place = serving.Place()
    async with serve(talk, sock=place.socket, ssl=place.tls, max_size=None, compression=None):
        place.announce()
        await serving.until_told()


asyncio.run(main())
