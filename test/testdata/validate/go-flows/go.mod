module me/go
