package stack

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"

	"polarweb.nl/inzage/infra/local/clock"
	"polarweb.nl/inzage/infra/local/gateway"
	"polarweb.nl/inzage/infra/local/kms"
	"polarweb.nl/inzage/infra/local/mailbox"
	"polarweb.nl/inzage/infra/local/ses"
)

// Where portal and desk stand behind the one address of the API.
const (
	portalPath = "/mijn"
	deskPath   = "/bureau"
)

// endpoints are the addresses of the stand-ins that functions are given.
type endpoints struct{ kms, ses, lambda string }

// startServers opens the pages a person looks at and the endpoints that
// functions call. The functions come later and are asked through s.runtime.
func (s *Stack) startServers(context.Context) error {
	for _, page := range []struct {
		flag, address string
		start         func(net.Listener) error
	}{
		{"-web", s.options.Web, s.startGateway},
		{"-mailbox", s.options.Mailbox, s.startMailbox},
		{"-clock", s.options.Clock, s.startClockPage},
	} {
		listener, err := listen(page.flag, page.address)
		if err != nil {
			return err
		}
		if err := page.start(listener); err != nil {
			listener.Close()
			return err
		}
	}
	return nil
}

// startGateway serves the routes of the template's HTTP API.
func (s *Stack) startGateway(listener net.Listener) error {
	functions, err := s.template.Functions()
	if err != nil {
		return err
	}
	s.addresses.Portal = address(listener) + portalPath
	s.addresses.Desk = address(listener) + deskPath
	var routes []gateway.Route
	for _, function := range functions {
		name, err := s.template.ResolveText(function.Name, s.names())
		if err != nil {
			return err
		}
		for _, route := range function.Routes {
			routes = append(routes, gateway.Route{Method: route.Method, Path: route.Path, Function: name})
		}
	}
	pages, err := gateway.New(gateway.Config{Routes: routes, Invoke: s.invokePage})
	if err != nil {
		return err
	}
	s.serve("pages", listener, pages)
	return nil
}

// invokePage lets a function answer a request.
func (s *Stack) invokePage(ctx context.Context, function string, event []byte) ([]byte, string, error) {
	result, err := s.runtime.Invoke(ctx, function, event)
	return result.Payload, result.FunctionError, err
}

// startMailbox serves the page with every mail that SES took.
func (s *Stack) startMailbox(listener net.Listener) error {
	zone, err := s.zone()
	if err != nil {
		return err
	}
	page, err := mailbox.New(mailbox.Options{Dir: s.Letters(), Location: zone})
	if err != nil {
		return err
	}
	s.addresses.Mailbox = address(listener)
	s.serve("mailbox", listener, page)
	return nil
}

// startClockPage serves the clock and its page.
func (s *Stack) startClockPage(listener net.Listener) error {
	page, err := clock.NewHandler(clock.HandlerConfig{Clock: s.clock, Run: s.Advance, Waiting: s.waiting})
	if err != nil {
		return err
	}
	s.addresses.Clock = address(listener)
	s.serve("clock", listener, page)
	return nil
}

// startEndpoints serves what functions call beside DynamoDB and S3, each on an
// address of its own.
func (s *Stack) startEndpoints() (endpoints, error) {
	keys, err := kms.New(kms.Options{
		StateDir: s.options.State, Region: region, Account: account, Keys: s.keys(), Lookup: s.options.Lookup,
	})
	if err != nil {
		return endpoints{}, err
	}
	configurationSet, err := s.reference("ConfigurationSet", "")
	if err != nil {
		return endpoints{}, err
	}
	topic, err := s.reference("FeedbackTopic", "")
	if err != nil {
		return endpoints{}, err
	}
	post, err := ses.New(ses.Options{
		Dir: s.Letters(), Region: region, Account: account,
		Identities: s.identities(), ConfigurationSet: configurationSet, TopicARN: topic, Now: s.clock.Now,
		Faults: s.options.Faults,
		Publish: func(body string) error {
			_, err := s.queues["FeedbackQueue"].Send(body)
			return err
		},
	})
	if err != nil {
		return endpoints{}, err
	}
	var opened endpoints
	for _, one := range []struct {
		name    string
		handler http.Handler
		address *string
	}{{"KMS", s.refusing(keys), &opened.kms}, {"SES", post, &opened.ses}, {"Lambda", s.lambdaAPI(), &opened.lambda}} {
		listener, err := listen(one.name, "127.0.0.1:0")
		if err != nil {
			return endpoints{}, err
		}
		*one.address = address(listener)
		s.serve(one.name, listener, one.handler)
	}
	return opened, nil
}

// refusing lets KMS refuse calls while it is told to, as it does when a key was
// turned off (docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html).
func (s *Stack) refusing(keys http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.options.KeysAway == nil || !s.options.KeysAway() {
			keys.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"DisabledException","message":"The key is disabled."}`)
	})
}

// lambdaAPI is the Invoke API; the runtime behind it starts a moment later.
func (s *Stack) lambdaAPI() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.runtime.ServeHTTP(w, r) })
}

// keys declares the KMS keys of the template.
func (s *Stack) keys() []kms.Key {
	var keys []kms.Key
	for _, resource := range s.template.Resources() {
		if resource.Type != "AWS::KMS::Key" {
			continue
		}
		spec := kms.AES256
		if declared, ok := resource.Properties.Get("KeySpec").Plain.(string); ok {
			spec = kms.Spec(declared)
		}
		keys = append(keys, kms.Key{ID: resource.LogicalID, Spec: spec, Aliases: s.aliases(resource.LogicalID)})
	}
	return keys
}

// aliases gives the names that the template gives a key beside its own.
func (s *Stack) aliases(key string) []string {
	var aliases []string
	for _, resource := range s.template.Resources() {
		if resource.Type != "AWS::KMS::Alias" {
			continue
		}
		target, err := s.template.ResolveText(resource.Properties.Get("TargetKeyId"), s.names())
		name, nameErr := s.template.ResolveText(resource.Properties.Get("AliasName"), s.names())
		if err == nil && nameErr == nil && target == key {
			aliases = append(aliases, name)
		}
	}
	return aliases
}

// splitAddress cuts a mail address at its last @.
func splitAddress(address string) (local, domain string) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address, ""
	}
	return address[:at], address[at+1:]
}
