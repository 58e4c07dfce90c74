// The load generator: drives a service with gRPC from outside, so that the client is not what is measured.
//
// One line of JSON on stdout: calls a second and latencies in milliseconds of what was measured, and how many
// calls there were in all, warm-up included.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protowire"
)

const (
	startExecution      = "/axiom.executions.v1.ExecutionsService/StartExecution"
	endExecution        = "/axiom.executions.v1.ExecutionsService/EndExecution"
	resolveForExecution = "/axiom.secrets.v1.SecretsService/ResolveForExecution"
	addSecret           = "/axiom.secrets.v1.SecretsService/AddSecret"
	replaceSecret       = "/axiom.secrets.v1.SecretsService/ReplaceSecret"
	echo                = "/bench/Call"
)

type flags struct {
	addr, ca, engine, sidecar, apiKey, mode, tenants, profile, prefix, requests string
	inFlight, connections, calls, size, names, executions                       int
	length, warm                                                                time.Duration
}

func parseFlags() flags {
	var f flags
	flag.StringVar(&f.addr, "addr", "", "host:port")
	flag.StringVar(&f.ca, "ca", "", "PEM file of the CA")
	flag.StringVar(&f.engine, "engine", "", "certificate,key of the engine")
	flag.StringVar(&f.sidecar, "sidecar", "", "certificate,key of the sidecar")
	flag.StringVar(&f.apiKey, "apikey", "", "file with an API key")
	flag.StringVar(&f.mode, "mode", "resolve", "resolve|start|execution|echo|add|replace")
	flag.StringVar(&f.tenants, "tenants", "default", "comma separated, or @file")
	flag.StringVar(&f.profile, "profile", "", "profile of the executions' flow, where it is not the default")
	flag.StringVar(&f.prefix, "prefix", "S", "what secrets' names begin with")
	flag.StringVar(&f.requests, "requests", "", "file with the requests that add, in base64, one a line")
	flag.IntVar(&f.inFlight, "c", 16, "calls in flight")
	flag.IntVar(&f.connections, "conns", 4, "connections")
	flag.IntVar(&f.calls, "n", 0, "so many calls, without warm-up; 0: as long as -d says")
	flag.IntVar(&f.size, "size", 100, "bytes of a value that is written, of a request that is echoed")
	flag.IntVar(&f.names, "names", 50, "how many names are replaced in turn")
	flag.IntVar(&f.executions, "executions", 64, "how many executions are resolved in turn")
	flag.DurationVar(&f.length, "d", 3*time.Second, "how long is measured")
	flag.DurationVar(&f.warm, "w", time.Second, "how long is driven before")
	flag.Parse()
	return f
}

// raw sends and receives bytes that are serialized already.
type raw struct{}

func (raw) Marshal(v any) ([]byte, error)   { return *(v.(*[]byte)), nil }
func (raw) Unmarshal(d []byte, v any) error { *(v.(*[]byte)) = append([]byte(nil), d...); return nil }
func (raw) Name() string                    { return "proto" }

func init() { encoding.RegisterCodec(raw{}) }

func appendString(b []byte, field protowire.Number, s string) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return protowire.AppendString(b, s)
}

func stringField(b []byte, field protowire.Number) string {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		b = b[n:]
		if number == field && kind == protowire.BytesType {
			v, _ := protowire.ConsumeBytes(b)
			return string(v)
		}
		b = b[protowire.ConsumeFieldValue(number, kind, b):]
	}
	return ""
}

func dial(f flags, pair string) []*grpc.ClientConn {
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(f.ca)
	must(err)
	pool.AppendCertsFromPEM(pem)
	config := &tls.Config{RootCAs: pool, ServerName: "localhost"}
	if pair != "" {
		files := strings.Split(pair, ",")
		certificate, err := tls.LoadX509KeyPair(files[0], files[1])
		must(err)
		config.Certificates = []tls.Certificate{certificate}
	}
	var connections []*grpc.ClientConn
	for range f.connections {
		connection, err := grpc.NewClient("passthrough:///"+f.addr,
			grpc.WithTransportCredentials(credentials.NewTLS(config)),
			grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<26)))
		must(err)
		connection.Connect()
		connections = append(connections, connection)
	}
	waiting, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, connection := range connections {
		for state := connection.GetState(); state != connectivity.Ready; state = connection.GetState() {
			if !connection.WaitForStateChange(waiting, state) {
				must(fmt.Errorf("%s does not answer", f.addr))
			}
		}
	}
	return connections
}

type driver struct {
	flags
	context         context.Context
	asEngine, other []*grpc.ClientConn
	ids, tokens     []string
	value           []byte
	adds            [][]byte
	sequence        atomic.Int64
	made            atomic.Int64
}

func newDriver(f flags) *driver {
	d := &driver{flags: f, context: context.Background(), value: []byte(strings.Repeat("x", f.size))}
	if f.apiKey != "" {
		key, err := os.ReadFile(f.apiKey)
		must(err)
		d.context = metadata.AppendToOutgoingContext(d.context, "authorization", "Bearer "+strings.TrimSpace(string(key)))
	}
	if f.requests != "" {
		lines, err := os.ReadFile(f.requests)
		must(err)
		for _, line := range strings.Fields(string(lines)) {
			request, err := base64.StdEncoding.DecodeString(line)
			must(err)
			d.adds = append(d.adds, request)
		}
	}
	d.ids = strings.Split(f.tenants, ",")
	if file, ok := strings.CutPrefix(f.tenants, "@"); ok {
		ids, err := os.ReadFile(file)
		must(err)
		d.ids = strings.Fields(string(ids))
	}
	if f.engine != "" {
		d.asEngine = dial(f, f.engine)
	}
	d.other = dial(f, f.sidecar)
	if f.mode == "resolve" {
		for i := range f.executions {
			answer, err := d.call(d.asEngine[0], startExecution, d.startRequest(d.ids[i%len(d.ids)]))
			must(err)
			d.tokens = append(d.tokens, stringField(answer, 2))
		}
	}
	return d
}

func (d *driver) call(c *grpc.ClientConn, method string, request []byte) ([]byte, error) {
	var answer []byte
	d.made.Add(1)
	err := c.Invoke(d.context, method, &request, &answer)
	return answer, err
}

func (d *driver) startRequest(tenant string) []byte {
	b := appendString(appendString(nil, 1, tenant), 2, "bench")
	if d.profile != "" {
		b = appendString(b, 5, d.profile)
	}
	return b
}

func (d *driver) writeRequest(name string) []byte {
	b := protowire.AppendTag(appendString(nil, 1, name), 2, protowire.BytesType)
	return protowire.AppendBytes(b, d.value)
}

func (d *driver) addRequest(i int) []byte {
	if len(d.adds) > 0 {
		return d.adds[i]
	}
	return d.writeRequest(fmt.Sprintf("%s%d", d.prefix, i))
}

// one makes the calls of one round of the mode.
func (d *driver) one(worker int) error {
	i := int(d.sequence.Add(1)) - 1
	other := d.other[worker%len(d.other)]
	switch d.mode {
	case "resolve":
		_, err := d.call(other, resolveForExecution, appendString(nil, 1, d.tokens[i%len(d.tokens)]))
		return err
	case "echo":
		_, err := d.call(other, echo, appendString(nil, 1, strings.Repeat("t", d.size)))
		return err
	case "start":
		_, err := d.call(d.asEngine[worker%len(d.asEngine)], startExecution, d.startRequest(d.anyTenant()))
		return err
	case "execution":
		engine := d.asEngine[worker%len(d.asEngine)]
		answer, err := d.call(engine, startExecution, d.startRequest(d.anyTenant()))
		if err != nil {
			return err
		}
		token := appendString(nil, 1, stringField(answer, 2))
		if _, err = d.call(other, resolveForExecution, token); err != nil {
			return err
		}
		_, err = d.call(engine, endExecution, token)
		return err
	case "add":
		_, err := d.call(other, addSecret, d.addRequest(i))
		return err
	case "replace":
		_, err := d.call(other, replaceSecret, d.writeRequest(fmt.Sprintf("%s%d", d.prefix, i%d.names)))
		return err
	}
	return fmt.Errorf("there is no mode %q", d.mode)
}

func (d *driver) anyTenant() string { return d.ids[rand.Intn(len(d.ids))] }

func main() {
	d := newDriver(parseFlags())
	var lock sync.Mutex
	var latencies []float64
	failures := map[string]int{}
	var workers sync.WaitGroup
	begun := time.Now()
	from, until := begun.Add(d.warm), begun.Add(d.warm+d.length)
	var left atomic.Int64
	left.Store(int64(d.calls))
	isOver := func() bool {
		if d.calls > 0 {
			return left.Add(-1) < 0
		}
		return time.Now().After(until)
	}
	if d.calls > 0 {
		from = begun
	}
	for worker := range d.inFlight {
		workers.Go(func() {
			var mine []float64
			for !isOver() {
				started := time.Now()
				err := d.one(worker)
				if err != nil {
					lock.Lock()
					failures[err.Error()]++
					lock.Unlock()
				} else if !started.Before(from) {
					mine = append(mine, float64(time.Since(started).Microseconds())/1000)
				}
			}
			lock.Lock()
			latencies = append(latencies, mine...)
			lock.Unlock()
		})
	}
	workers.Wait()
	seconds := time.Since(from).Seconds()
	sort.Float64s(latencies)
	at := func(part float64) float64 {
		if len(latencies) == 0 {
			return 0
		}
		return latencies[int(part*float64(len(latencies)-1))]
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"rate": float64(len(latencies)) / seconds, "p50": at(.5), "p99": at(.99), "calls": d.made.Load(), "failures": failures,
	}))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
