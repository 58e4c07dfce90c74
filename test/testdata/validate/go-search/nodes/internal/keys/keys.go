package keys

const Stream = "STREAM_KEY"

var All = []string{Stream, "STREAM_BACKUP_KEY"}
