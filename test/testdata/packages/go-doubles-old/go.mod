module example.com/acme/notes-go

go 1.21

require google.golang.org/protobuf v1.31.0
