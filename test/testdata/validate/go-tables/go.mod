module my-org/go-tables
