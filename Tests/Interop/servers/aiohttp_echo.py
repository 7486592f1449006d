"""A server of the PyPI package aiohttp. What it understands: see serving.py."""
import asyncio
import struct

from aiohttp import WSMsgType, web

import serving


def frame(opcode, is_final, payload):
    """A frame of RFC 6455 §5.2 without a mask: aiohttp itself can't send fragments."""
    first, size = (0x80 if is_final else 0) | opcode, len(payload)
    if size < 126:
        return struct.pack("!BB", first, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload


async def talk(request):
    word, *values = serving.words(request.raw_path)
    connection = web.WebSocketResponse(max_msg_size=0, compress=False)
    await connection.prepare(request)
    if word == "fragments":
        texts = serving.fragments(*values)
        for number, text in enumerate(texts):
            opcode = WSMsgType.TEXT if number == 0 else WSMsgType.CONTINUATION
            request.transport.write(frame(opcode, number == len(texts) - 1, text.encode()))
    if word == "push":
        for text in serving.numbers(*values):
            await connection.send_str(text)
    while True:
        message = await connection.receive()
        if word == "close" and message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            await connection.close(code=int(values[0]), message=values[1].encode())
        elif message.type == WSMsgType.TEXT:
            await connection.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await connection.send_bytes(message.data)
        else:
            break
    if word == "expect-close":
        serving.tell_close(connection.close_code, message.extra if message.type == WSMsgType.CLOSE else "")
    return connection


async def main():
    place = serving.Place()
    application = web.Application()
    application.router.add_get("/{path:.*}", talk)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.SockSite(runner, place.socket, ssl_context=place.tls).start()
    place.announce()
    await serving.until_told()
    await runner.cleanup()


asyncio.run(main())
