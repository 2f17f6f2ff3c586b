import asyncio


async def answer():
    await asyncio.sleep(0)
    return 42


def f():
    return asyncio.run(answer())
