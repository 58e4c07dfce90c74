import asyncio

import pytest

from gen.messages_pb2 import Text
from nodes.async_wait import async_wait
from nodes.doubles_test import Ctx


def test_says_that_it_was_cancelled(tmp_path):
    place = tmp_path / "cancelled"

    async def main():
        task = asyncio.ensure_future(async_wait(Ctx(), Text(text=str(place))))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert place.exists()
