package a
import "me/go/axiom"
const Key = "A_KEY"
var Default = Conf{Secret: "A_DEF"}
type Conf struct{ Secret string }
func Load(ax axiom.Context) { ax.Secrets().Get(Key) }
func (c Conf) Read(ax axiom.Context) { ax.Secrets().Get(c.Secret) }
