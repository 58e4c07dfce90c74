module my-org/go-constants
