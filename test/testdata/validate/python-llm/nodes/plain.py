def plain(ax, input):
    ci = load_ci(input.text)
    for job in ci.jobs:
        job.secrets.get("DEPLOY_KEY")
    query = parse(input.text)
    return query.get("secret"), ci.secrets.get("NPM_TOKEN")
