from vendorlib import Client


def even(ax, name, n):
    return ax.secrets.get(name) if n == 0 else odd(ax, name, n - 1)


def odd(ax, name, n):
    return ax.secrets.get("ODD") if n == 0 else even(ax, name, n - 1)


def suffixed(ax, name, depth):
    value, ok = ax.secrets.get(name)
    return value if ok or depth == 0 else suffixed(ax, name + "_A", depth - 1)


def read_all(ax, names):
    if names:
        ax.secrets.get(names[0])
        read_all(ax, names[1:])


def run(cmd):
    raise RuntimeError(f"failed: {' '.join(cmd)}")


def quiet(cmd):
    try:
        run(cmd)
    except RuntimeError:
        pass


def shown(ax):
    value, _ = ax.secrets.get("SHOWN")
    return value


def greet(ax, input):
    even(ax, "EVEN", 4)
    suffixed(ax, "MUT", 3)
    read_all(ax, ["ONE", "TWO"])
    ax.secrets.get("NEAR_MISS")
    value = shown(ax)
    ax.log.info(value[:4])
    try:
        quiet(["git", value])
    except RuntimeError as error:
        ax.log.error(str(error))
    try:
        run(["git", value])
    except RuntimeError as error:
        ax.log.error(str(error))
    return Reply(text="done")


def away(ax, input):
    Client(ax).call()
    return Reply(text="done")


def pick(n):
    return "CIRCLE_A" if n == 0 else other(n - 1)


def other(n):
    return "CIRCLE_B" if n == 0 else pick(n - 1)


def circle(ax, input):
    ax.secrets.get(pick(3))
    ax.secrets.get(other(4))
    return Reply(text="done")
