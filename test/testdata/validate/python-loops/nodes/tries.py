"""What a loop's turn leaves for the next one."""


def tries(ax, input):
    name = "LOOP"
    while not ax.secrets.get(name)[1]:
        name = name + "_A"
    other = "FIRST"
    for part in input.parts:
        ax.secrets.get(other)
        other = "LATER"
    return Reply(text=part)
