from .keys import key_for
def beta(ax, input):
    key_for(ax, "b")
