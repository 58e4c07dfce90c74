package b
import ("me/go/axiom"; . "me/go/pkg/a")
const Key2 = "B_KEY"
func Load(ax axiom.Context) { ax.Secrets().Get(Key2) }
func Dot(ax axiom.Context) { ax.Secrets().Get(Key) }
var names = func() []string { return []string{"FN_A"} }()
func All(ax axiom.Context) { for _, n := range names { ax.Secrets().Get(n) } }
func init() { names = append(names, "FN_B") }
