"""A service of JSON-RPC 2.0 of the PyPI package websockets that drops, refuses, delays and lies.

The first words of a path say how a connection is met, the methods what becomes of a request:

/refuse/N      the first N opening handshakes of that path are refused: 503, with Retry-After: 1
/locked        the opening handshake is refused with 401

auth           accepts the secret "sesame"
echo           answers with its parameters
log            answers with all that was asked for since the last time, on any connection
drop           closes the TCP connection in the middle of a frame
late           is answered when the next request comes, ahead of that
twice          is answered twice, with 1 and with 2
strangers      is answered behind answers to requests that nobody made
shape          is answered with a text
version        is answered in version 1.0
garbage        is answered behind bytes and texts that are no JSON, and no JSON-RPC
failure        is answered with an error that has neither code nor message
both           is answered with a result and an error
text           is answered with the id as a text
subscribe      is answered with the channels, and with one that nobody wanted; what is published is the connection's number
               on each channel, on the one that nobody wanted and on one that was never spoken of
publish        publishes its parameters' "values" on the channel "a", and answers
"""
import asyncio
import http
import json

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

import serving

asked = []
refusals = {}
connections = 0


def response(ident, result):
    return json.dumps({"jsonrpc": "2.0", "id": ident, "result": result})


def publication(channel, value):
    return json.dumps({"jsonrpc": "2.0", "method": "subscription", "params": {"channel": channel, "data": value}})


def answers(method, ident, params, number):
    """What is sent in answer, in order: texts and bytes."""
    result = response(ident, 1)
    if method == "auth":
        if params["secret"] == "sesame":
            return [response(ident, {"expires_in": 600})]
        return [json.dumps({"jsonrpc": "2.0", "id": ident, "error": {"code": 13004, "message": "invalid_credentials"}})]
    if method == "echo":
        return [response(ident, params)]
    if method == "log":
        log = asked[:]
        asked.clear()
        return [response(ident, log)]
    if method == "twice":
        return [result, response(ident, 2)]
    if method == "strangers":
        return [response(ident + 1000, 3), response(1 << 62, 4), response(-1, 5), response(None, 6), result]
    if method == "shape":
        return [response(ident, "a text")]
    if method == "version":
        return [json.dumps({"jsonrpc": "1.0", "id": ident, "result": 1})]
    if method == "garbage":
        return ["", "{", "null", "[]", "[1]", '"text"', "{}", b"\xff\xfe", b"\x00" * 64, "\U0001f30d" * 100, result]
    if method == "failure":
        return [json.dumps({"jsonrpc": "2.0", "id": ident, "error": "no"})]
    if method == "both":
        return [json.dumps({"jsonrpc": "2.0", "id": ident, "result": 1, "error": {"code": 1, "message": "no"}})]
    if method == "text":
        return [json.dumps({"jsonrpc": "2.0", "id": str(ident), "result": 1}), result]
    if method == "subscribe":
        channels = params["channels"]
        return [
            publication("unheard of", number), response(ident, ["unwanted"] + channels), publication("unwanted", number)
        ] + [publication(channel, number) for channel in channels]
    if method == "unsubscribe":
        return [response(ident, params["channels"])]
    if method == "publish":
        return [publication("a", value) for value in params["values"]] + [result]
    return [json.dumps({"jsonrpc": "2.0", "id": ident, "error": {"code": -32601, "message": "no such method"}})]


async def talk(connection):
    global connections
    connections += 1
    number, late = connections, []
    try:
        async for message in connection:
            request = json.loads(message)
            method, params = request["method"], request.get("params")
            if method != "log":
                asked.append(" ".join([method] + (params["channels"] if method.endswith("subscribe") else [])))
            if method == "drop":
                connection.transport.write(b"\x81\x7e\x10\x00half of a mess")
                connection.transport.close()
                return
            if method == "late":
                late.append(response(request["id"], "late"))
                continue
            for answer in late + answers(method, request["id"], params, number):
                await connection.send(answer)
            late = []
    except ConnectionClosed:
        pass


def meet(connection, request):
    word, *values = serving.words(request.path)
    if word == "locked":
        return connection.respond(http.HTTPStatus.UNAUTHORIZED, "who are you?\n")
    if word == "refuse":
        refusals[request.path] = refusals.get(request.path, 0) + 1
        if refusals[request.path] <= int(values[0]):
            answer = connection.respond(http.HTTPStatus.SERVICE_UNAVAILABLE, "later\n")
            answer.headers["Retry-After"] = "1"
            return answer
    return None


async def main():
    place = serving.Place()
    async with serve(talk, sock=place.socket, ssl=place.tls, max_size=None, compression=None, process_request=meet):
        place.announce()
        await serving.until_told()


asyncio.run(main())
