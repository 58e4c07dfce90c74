# The name is split at every capital, as the first generators did.
def i_c_s_feed_reader(log, secrets, input):
    password, ok = secrets.get("FEED_PASSWORD")
    return fetch(input.url, password if ok else "")


def fetch(url, password):
    return {"url": url}
