import requests


class JiraError(Exception):
    pass


class JiraClient:
    def __init__(self, base_url, authorization):
        self._session = requests.Session()
        self._headers = {"Authorization": authorization}
        self._base = base_url

    def create(self, title):
        answer = self._session.post(f"{self._base}/issue", json={"title": title}, headers=self._headers)
        if answer.status_code >= 400:
            raise JiraError(f"{answer.status_code} for {self._headers}")
        return answer.json()["key"]
