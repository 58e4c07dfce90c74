KEY = "B_KEY"
def load(ax):
    return ax.secrets.get(KEY)
def load2(ax, n):
    return ax.secrets.get(n)
