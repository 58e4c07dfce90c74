// The package that a node host serves.
package axiom.host;

import java.util.List;
import java.util.Optional;

/** {@code name} is {@code handle/package-name}; {@code version} is axiom.yaml's. */
public record HostedPackage(String name, String version, List<Node<?, ?>> nodes) {

    Optional<Node<?, ?>> node(String wanted) {
        return nodes.stream().filter(node -> node.name().equals(wanted)).findFirst();
    }
}
