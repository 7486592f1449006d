"""A server of GraphQL on loopback, made of the PyPI packages strawberry-graphql and aiohttp.

It counts: the mutation `tick` counts on, the subscription `ticks` tells the count at once and each time it changes, and the
mutation `hangUp` counts on by three while it drops every connection in the middle. It wants the token "sesame".

It prints its URL when it listens, and ends when its standard input does: it can't outlive who started it.
"""
import asyncio
import logging
import sys
from typing import AsyncGenerator

import strawberry
from aiohttp import web
from strawberry.aiohttp.views import GraphQLView
from strawberry.exceptions import ConnectionRejectionError

count = 0
changed = asyncio.Condition()
transports = set()


async def go_on(by):
    global count
    async with changed:
        count += by
        changed.notify_all()
    return count


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "hello from strawberry"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def tick(self) -> int:
        return await go_on(1)

    @strawberry.mutation
    async def hang_up(self) -> int:
        for transport in list(transports):
            transport.abort()
        transports.clear()
        return await go_on(3)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncGenerator[int, None]:
        told = None
        while True:
            async with changed:
                await changed.wait_for(lambda: count != told)
                told = count
            yield told

    @strawberry.subscription
    async def countdown(self, start: int) -> AsyncGenerator[int, None]:
        for number in range(start, 0, -1):
            yield number


class View(GraphQLView):
    async def on_ws_connect(self, context):
        if (context.get("connection_params") or {}).get("token") != "sesame":
            raise ConnectionRejectionError
        transports.add(context["request"].transport)
        return strawberry.UNSET


async def main():
    logging.getLogger("strawberry").setLevel(logging.CRITICAL)  # what it is asked for in vain is told to the client
    schema = strawberry.Schema(Query, Mutation, Subscription)
    application = web.Application()
    application.router.add_route("*", "/graphql", View(schema, graphql_ide=None))
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print("ws://127.0.0.1:%d/graphql" % site._server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    await runner.cleanup()


asyncio.run(main())
