from .keys import key_for, got
def alpha(ax, input):
    key_for(ax, "a")
    got(ax, "a")
