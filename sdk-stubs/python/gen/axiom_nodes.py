"""The package's nodes. `axiom generate` writes this file; here it has none."""

from gen.axiom_host.handlers import HostedPackage

PACKAGE = HostedPackage(name="axiom/stubs", version="0.0.0", nodes=())
