from .base import AlphaJob
def alpha(ax, input):
    AlphaJob(ax).run()
