using Axiom;
using Gen;
using NodaTime;

namespace Nodes;

public static class BuildVCardNode
{
    public static CardText BuildVCard(IAxiomContext ax, Person input)
    {
        ax.Log().Info("BuildVCard handling");
        var (key, _) = ax.Secrets().Get(SecretNames.CARD_SIGNING_KEY);
        if (input.Name == "")
        {
            throw new NodeError("NO_NAME", "a card needs a name");
        }

        var made = Instant.FromUnixTimeSeconds(key.Length);
        return new CardText { Text = CardHelper.Lines("BEGIN:VCARD", $"FN:{input.Name}", $"REV:{made}", "END:VCARD") };
    }
}
