# Handlers once were all called handle, took the message first, and were given a default.
import os


def handle(room, context):
    token = context.secrets.get("ROOMS_TOKEN", "") if hasattr(context, "secrets") else os.environ.get("ROOMS_TOKEN")
    return book(room, token)


def book(room, token):
    return room
