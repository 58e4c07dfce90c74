from nodes import base
def beta(ax, input):
    job = base.BetaJob(ax)
    job.run()
