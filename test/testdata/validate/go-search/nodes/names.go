package nodes

import "net/url"

const (
	judgeSecret = "JUDGE_API_KEY"
	graphPrefix = "GRAPH"
)

func fromQuery(q url.Values) string {
	return q.Get("secret") + q.Get("token")
}
