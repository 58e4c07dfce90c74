from nodes.util.a.impl import KEY as K1
class Settings:
    name = "SH_SET"
settings = Settings()
CONFIG = {"db": {"secret": "SH_DB"}, "list": ["SH_L1"]}
def get(ax, key): return ax.secrets.get(CONFIG[key]["secret"])
