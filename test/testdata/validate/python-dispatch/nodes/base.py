from abc import ABC, abstractmethod
class Job(ABC):
    def __init__(self, ax): self.ax = ax
    @property
    @abstractmethod
    def key_name(self): ...
    def setup(self): pass
    def run(self):
        self.setup()
        v, ok = self.ax.secrets.get(self.key_name)
        s, _ = self.ax.secrets.get("K_SHARED")
        return v
class AlphaJob(Job):
    key_name = "K_ALPHA"
class BetaJob(Job):
    @property
    def key_name(self): return "K_BETA"
    def setup(self): self.ax.secrets.get("K_BETA_SETUP")
JOBS = {"alpha": AlphaJob}
def make(kind, ax): return {"alpha": AlphaJob, "beta": BetaJob}[kind](ax)
