// Reads in many shapes, one a line; what is expected of each stands in expected.json.
package nodes
import ("context"; "fmt"; "strings"; "me/go/axiom"; "me/go/gen"; "crypto/sha256"; "net/http"; "encoding/json")
func Greet(ctx context.Context, ax axiom.Context, in *gen.A) (*gen.B, error) {
	key, ok := ax.Secrets().Get("K")
	if !ok { ax.Log().Error("K missing", "ok", ok); return nil, fmt.Errorf("K is not configured") }
	ax.Log().Info("have", "len", len(key), "set", key != "", "prefix", strings.HasPrefix(key, "sk-"))
	sum := sha256.Sum256([]byte(key))
	req, err := http.NewRequestWithContext(ctx, "GET", "https://x", nil)
	if err != nil { return nil, err }
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	if err != nil { ax.Log().Error("call", "err", err.Error()); return nil, fmt.Errorf("call: %w", err) }
	defer res.Body.Close()
	var body struct{ Text string }
	if err := json.NewDecoder(res.Body).Decode(&body); err != nil { return nil, err }
	c := &client{key: key, base: "x"}
	text := c.call(in.GetText())
	out := &gen.B{Text: strings.ReplaceAll(body.Text, key, "***"), Ok: ok, Status: int32(res.StatusCode), N: int32(len(key)), Sum: fmt.Sprintf("%d", len(sum))}
	out.Other = text
	if key := in.GetText(); key != "" { ax.Log().Info("shadow", "key", key); out.Name = key }
	ax.Log().Debug("base", "base", c.base)
	return out, nil
}
type client struct{ key, base string }
func (c *client) call(s string) string { return s }
