module acme/search
go 1.22
