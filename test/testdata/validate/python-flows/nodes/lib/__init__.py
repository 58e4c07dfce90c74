from .reader import fetch, Reader as R, fetch as get_it
from .names import MAIL_KEY as MK, Names, SNames
__all__ = ["fetch", "R"]
