from enum import Enum, StrEnum
PREFIX = "APP"
MAIL_KEY = PREFIX + "_MAIL"
class Names(str, Enum):
    SMTP = "SMTP_PASSWORD"
    IMAP = "IMAP_PASSWORD"
class SNames(StrEnum):
    A = "SN_A"
    B = "SN_B"
class Keys:
    TOKEN = "CLS_TOKEN"
    class Inner:
        DEEP = "CLS_DEEP"
TABLE = {"x": "TAB_X", "y": "TAB_Y"}
