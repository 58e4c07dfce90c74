package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"axiom.stub/node/axiom"

	"axiom.stub/node/nodepb"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type value = wrapperspb.StringValue

// start serves the nodes on a socket of its own until the test ends.
func start(t *testing.T, nodes ...Node) nodepb.NodeServiceClient {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "host.sock")
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() {
		stopped <- serve(ctx, HostedPackage{Package: "test/package", Version: "1.0.0", Nodes: nodes}, socket)
	}()
	conn, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	client := nodepb.NewNodeServiceClient(conn)
	if _, err := client.Describe(context.Background(), &nodepb.DescribeRequest{}, grpc.WaitForReady(true)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("serve: %v", err)
		}
		if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket is still there: %v", err)
		}
	})
	return client
}

// invoke runs a node and returns its events.
func invoke(t *testing.T, client nodepb.NodeServiceClient, request *nodepb.InvokeRequest) ([]*nodepb.InvokeResponse, error) {
	t.Helper()
	stream, err := client.Invoke(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	var events []*nodepb.InvokeResponse
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			return events, nil
		}
		if err != nil {
			return events, err
		}
		events = append(events, response)
	}
}

func encoded(t *testing.T, value string) []byte {
	t.Helper()
	raw, err := proto.Marshal(wrapperspb.String(value))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func decoded(t *testing.T, raw []byte) string {
	t.Helper()
	var message value
	if err := proto.Unmarshal(raw, &message); err != nil {
		t.Fatal(err)
	}
	return message.GetValue()
}

func last(events []*nodepb.InvokeResponse) *nodepb.InvokeResponse { return events[len(events)-1] }

func withSecrets(values map[string]string, revoked ...string) *nodepb.ExecutionContext {
	secrets := make(map[string][]byte, len(values))
	for name, value := range values {
		secrets[name] = []byte(value)
	}
	return &nodepb.ExecutionContext{ExecutionId: "execution", Secrets: secrets, RevokedSecretNames: revoked}
}

// read answers what Get and SecretStatusOf say of the name in the input.
func read(_ context.Context, ax axiom.Context, input *value) (*value, error) {
	value, found := ax.Secrets().Get(input.GetValue())
	return wrapperspb.String(fmt.Sprintf("%q %t %s", value, found, axiom.SecretStatusOf(ax.Secrets(), input.GetValue()))), nil
}

func TestGetFindsWhatTheExecutionHasAndReportsEachRead(t *testing.T) {
	client := start(t, Unary("Read", read))
	sent := withSecrets(map[string]string{"KEY": "line\r\nend\n", "": "of the empty name"}, "GONE")
	for name, want := range map[string]string{
		"KEY":  `"line\r\nend\n" true available`,
		"GONE": `"" false revoked`,
		"NONE": `"" false unset`,
		"":     `"of the empty name" true available`,
		"key":  `"" false unset`,
	} {
		events, err := invoke(t, client, &nodepb.InvokeRequest{Node: "Read", Context: sent, Input: encoded(t, name)})
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, last(events).GetOutput()); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
		report := events[0].GetSecretRead()
		if report.GetName() != name || report.GetFound() != strings.Contains(want, "true") {
			t.Errorf("%q: reported %v", name, report)
		}
	}
}

func TestConcurrentInvocationsSeeOnlyTheirOwnSecrets(t *testing.T) {
	client := start(t, Unary("Read", read))
	var calls sync.WaitGroup
	for i := range 100 {
		calls.Go(func() {
			own := fmt.Sprintf("value-%d", i)
			events, err := invoke(t, client, &nodepb.InvokeRequest{
				Node: "Read", Context: withSecrets(map[string]string{"KEY": own}), Input: encoded(t, "KEY"),
			})
			if err != nil {
				t.Error(err)
				return
			}
			if got := decoded(t, last(events).GetOutput()); !strings.Contains(got, `"`+own+`"`) {
				t.Errorf("%s read %s", own, got)
			}
		})
	}
	calls.Wait()
}

func TestOnlyATypedErrorReachesTheCaller(t *testing.T) {
	const leak = "postgres://user:hunter2@db"
	handlers := map[string]func(context.Context, axiom.Context, *value) (*value, error){
		"Typed": func(context.Context, axiom.Context, *value) (*value, error) {
			return nil, fmt.Errorf("wrapped: %w", &axiom.NodeError{Code: "QUOTA", Message: "too much", Detail: map[string]string{"used": "9"}})
		},
		"Plain": func(context.Context, axiom.Context, *value) (*value, error) { return nil, errors.New(leak) },
		"Panic": func(context.Context, axiom.Context, *value) (*value, error) { panic(leak) },
		"Mutate": func(_ context.Context, ax axiom.Context, _ *value) (*value, error) {
			ax.Mutation().Flow().AddEdge(1, 2, nil)
			return nil, nil
		},
	}
	var nodes []Node
	for name, handler := range handlers {
		nodes = append(nodes, Unary(name, handler))
	}
	client := start(t, nodes...)
	for name, want := range map[string]*nodepb.NodeError{
		"Typed":  {Typed: true, Code: "QUOTA", Message: "too much", Detail: `{"used":"9"}`},
		"Plain":  {Message: maskedMessage},
		"Panic":  {Message: maskedMessage},
		"Mutate": {Typed: true, Code: "MUTATION_UNAVAILABLE", Message: noFlowToChange().Message},
	} {
		events, err := invoke(t, client, &nodepb.InvokeRequest{Node: name})
		if err != nil {
			t.Fatal(err)
		}
		if got := last(events).GetError(); !proto.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		if text := fmt.Sprint(events); strings.Contains(text, "hunter2") {
			t.Errorf("%s: the message left the host: %s", name, text)
		}
		if record := events[0].GetLog(); name == "Panic" && !strings.HasPrefix(record.GetAttributes()["location"], "host/host_test.go:") {
			t.Errorf("the log does not say where it panicked: %v", record)
		}
	}
}

func TestAPipelineEmitsAsItsInputsCome(t *testing.T) {
	double := func(_ context.Context, ax axiom.Context, inputs <-chan *value, emit func(*value) error) error {
		for input := range inputs {
			suffix, _ := ax.Secrets().Get("SUFFIX")
			if err := emit(wrapperspb.String(input.GetValue() + suffix)); err != nil {
				return err
			}
		}
		return nil
	}
	client := start(t, Pipeline("Double", double))
	stream, err := client.InvokePipeline(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	begin := &nodepb.PipelineStart{Node: "Double", Context: withSecrets(map[string]string{"SUFFIX": "!"})}
	messages := []*nodepb.InvokePipelineRequest{{Message: &nodepb.InvokePipelineRequest_Start{Start: begin}}}
	for _, value := range []string{"a", "", "c"} {
		messages = append(messages, &nodepb.InvokePipelineRequest{Message: &nodepb.InvokePipelineRequest_Input{Input: encoded(t, value)}})
	}
	if err := stream.Send(messages[0]); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"a!", "!", "c!"} {
		if err := stream.Send(messages[i+1]); err != nil {
			t.Fatal(err)
		}
		read, err := stream.Recv()
		if err != nil || read.GetSecretRead().GetName() != "SUFFIX" {
			t.Fatalf("no read before the output: %v %v", read, err)
		}
		response, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, response.GetOutput()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != io.EOF {
		t.Errorf("the stream did not end: %v", err)
	}
}

func TestCancellationReachesTheHandler(t *testing.T) {
	entered, left := make(chan struct{}), make(chan error, 1)
	wait := func(ctx context.Context, _ axiom.Context, _ *value) (*value, error) {
		close(entered)
		<-ctx.Done()
		left <- ctx.Err()
		return nil, ctx.Err()
	}
	client := start(t, Unary("Wait", wait))
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := client.Invoke(ctx, &nodepb.InvokeRequest{Node: "Wait"})
	if err != nil {
		t.Fatal(err)
	}
	<-entered
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler saw %v", err)
	}
	if _, err := stream.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("the caller saw %v", err)
	}
}

func TestWrongRequestsAreRefused(t *testing.T) {
	client := start(t, Unary("Read", read))
	for _, each := range []struct {
		request *nodepb.InvokeRequest
		want    codes.Code
	}{
		{&nodepb.InvokeRequest{Node: "Other"}, codes.NotFound},
		{&nodepb.InvokeRequest{Node: "Read", Input: []byte{0xff}}, codes.InvalidArgument},
	} {
		if _, err := invoke(t, client, each.request); status.Code(err) != each.want {
			t.Errorf("got %v, want %v", err, each.want)
		}
	}
}

func TestNothingThatHoldsAValuePrintsIt(t *testing.T) {
	out := newEvents(func(event) error { return nil })
	ax := newInvocationContext(withSecrets(map[string]string{"KEY": "hunter2"}), out)
	var printed strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&printed, verb+verb+verb, ax, ax.Secrets(), struct{ S axiom.Secrets }{ax.Secrets()})
	}
	slog.New(slog.NewJSONHandler(&printed, nil)).Info("context", "ax", ax, "secrets", ax.Secrets())
	slog.New(slog.NewTextHandler(&printed, nil)).Info("context", "ax", ax, "secrets", ax.Secrets())
	printed.WriteString(asText(ax) + asText(ax.Secrets()) + asText([]any{ax, ax.Secrets()}))
	if strings.Contains(printed.String(), "hunter2") || strings.Contains(printed.String(), "68756e746572") {
		t.Errorf("printed: %s", printed.String())
	}
	if value, found := ax.Secrets().Get("KEY"); value != "hunter2" || !found {
		t.Errorf("the value itself is %q %t", value, found)
	}
}

func TestANameLongerThanAnyIsCutBeforeItIsReported(t *testing.T) {
	var reported []string
	longest := strings.Repeat("N", 128)
	values := map[string][]byte{longest: []byte("a value")}
	secrets := newInvocationSecrets(values, nil, func(name string, _ bool) { reported = append(reported, name) })
	if value, found := secrets.Get(longest + strings.Repeat("x", 10_000_000)); value != "" || found {
		t.Errorf("found %q %t", value, found)
	}
	if status := secrets.Status(longest + "x"); status != axiom.SecretStatusUnset {
		t.Errorf("its status is %v", status)
	}
	if value, found := secrets.Get(longest); value != "a value" || !found {
		t.Errorf("the longest name finds %q %t", value, found)
	}
	if len(reported) != 2 || reported[0] != longest+"x" || reported[1] != longest {
		t.Errorf("reported %q", reported)
	}
}

func TestSecretsAreForgottenWhenTheInvocationEnds(t *testing.T) {
	var kept axiom.Context
	keep := func(_ context.Context, ax axiom.Context, _ *value) (*value, error) {
		kept = ax
		return &value{}, nil
	}
	client := start(t, Unary("Keep", keep))
	request := &nodepb.InvokeRequest{Node: "Keep", Context: withSecrets(map[string]string{"KEY": "hunter2"})}
	if _, err := invoke(t, client, request); err != nil {
		t.Fatal(err)
	}
	if value, found := kept.Secrets().Get("KEY"); value != "" || found {
		t.Errorf("still there: %q %t", value, found)
	}
}

func TestAttributesAreTextOrJSON(t *testing.T) {
	got := attributes([]any{"text", "a", "number", 7, "error", errors.New("no"), slog.Bool("attr", true), "list", []string{"x"}, 5, "alone"})
	want := map[string]string{"text": "a", "number": "7", "error": "no", "attr": "true", "list": `["x"]`, badKey: `alone`}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestASocketInUseIsNotTaken(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "host.sock")
	listener, err := listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	if _, err := listen(socket); err == nil {
		t.Error("a second host took the socket")
	}
	_ = listener.Close()
}
