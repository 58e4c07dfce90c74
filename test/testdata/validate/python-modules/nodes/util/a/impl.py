KEY = "A_KEY"
def load(ax, name=KEY):
    return ax.secrets.get(name)
