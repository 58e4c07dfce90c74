package nodes
import "me/x/axiom"
type Named interface{ KeyName() string }
type job struct { ax axiom.Context; n Named }
func (j *job) run() string { v, _ := j.ax.Secrets().Get(j.n.KeyName()); s, _ := j.ax.Secrets().Get("K_SHARED"); return v + s }
type alphaJob struct{}
func (alphaJob) KeyName() string { return "K_ALPHA" }
type betaJob struct{ extra string }
func (b betaJob) KeyName() string { return "K_BETA" }
func resolve(ax axiom.Context, n Named) string { v, _ := ax.Secrets().Get(n.KeyName()); return v }
