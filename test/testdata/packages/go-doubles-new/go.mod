module acme/graph-tools

go 1.22
