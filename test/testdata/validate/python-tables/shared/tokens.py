def get_token(ctx):
    return ctx.secrets.get("SH1")
def get_token2(secrets):
    return secrets.get("SH2")
