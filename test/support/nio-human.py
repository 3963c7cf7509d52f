"""A person in encrypted rooms: matrix-nio, a client of other people's making.

Reads commands as JSON lines from standard input, writes results and every event it can read as JSON lines.
"""

import asyncio
import json
import sys
import tempfile

from nio import (
    AsyncClient,
    AsyncClientConfig,
    Event,
    InviteMemberEvent,
    MegolmEvent,
    RoomCreateResponse,
    RoomSendResponse,
)


def tell(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def main():
    url, user, device, token = sys.argv[1:5]
    store = tempfile.mkdtemp(prefix="nio-")
    config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=False)
    client = AsyncClient(url, user, device_id=device, store_path=store, config=config)
    client.restore_login(user, device, token)

    async def on_event(room, event):
        tell({"room": room.room_id, "event": event.source, "decrypted": bool(event.decrypted)})

    async def on_locked(room, event):
        tell({"room": room.room_id, "locked": event.event_id})

    # Follows invitations to conversations of two, as people do.
    async def on_invite(room, event):
        if event.state_key == user and event.content.get("is_direct"):
            await client.join(room.room_id)

    client.add_event_callback(on_invite, InviteMemberEvent)
    client.add_event_callback(on_event, Event)
    client.add_event_callback(on_locked, MegolmEvent)

    async def run(command):
        what = command["do"]
        if what == "room":
            state = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
            response = await client.room_create(invite=command["invite"], initial_state=state)
            assert isinstance(response, RoomCreateResponse), response
            return response.room_id
        if what == "send":
            response = await client.room_send(
                command["room"], command["type"], command["content"], ignore_unverified_devices=True
            )
            assert isinstance(response, RoomSendResponse), response
            return response.event_id
        if what == "join":
            await client.join(command["room"])
            return command["room"]
        raise ValueError(what)

    async def commands():
        loop = asyncio.get_running_loop()
        while True:
            line = await loop.run_in_executor(None, sys.stdin.readline)
            if line == "":
                return
            command = json.loads(line)
            try:
                tell({"answer": command["id"], "value": await run(command)})
            except Exception as error:  # told to the test, which fails with it
                tell({"answer": command["id"], "error": repr(error)})

    syncing = asyncio.create_task(client.sync_forever(timeout=30000, full_state=True))
    await client.synced.wait()
    tell({"ready": True})
    await commands()
    syncing.cancel()
    await client.close()


asyncio.run(main())
