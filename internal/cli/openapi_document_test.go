package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

const (
	openAPIVariable = "CHATWOOT_OPENAPI"
	openAPIDefault  = "../shared/providers/chatwoot-openapi/application_swagger.json" // from the top of the checkout
	openAPIAbsent   = "Chatwoot's OpenAPI document is not here, so nothing was held against it. Take swagger/tag_groups/application_swagger.json " +
		"(or swagger/swagger.json) of version 4.14.2 from the repository github.com/chatwoot/chatwoot, and name the file in the variable " + openAPIVariable + "."
)

// readOpenAPI reads the file that the variable names, or else the one at the usual place below top. Only there may it be
// absent: then there is neither document nor error.
func readOpenAPI(given, top string) ([]byte, error) {
	if given != "" {
		return os.ReadFile(given)
	}
	raw, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(openAPIDefault)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return raw, err
}

// checkoutTop walks up to the directory of go.mod.
func checkoutTop(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// openAPI holds requests and answers against an OpenAPI document.
type openAPI struct {
	router routers.Router
	bot    string // the token of an agent bot; every other one counts as a user's
}

// parseOpenAPI reads a document and closes it: JSON Schema lets an object have members that nobody named, and where
// nothing is required, as in Chatwoot's answers, hardly anything could be wrong then.
func parseOpenAPI(raw []byte, bot string) (*openAPI, error) {
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	if !doc.IsOpenAPI31OrLater() {
		return nil, fmt.Errorf("the document is of OpenAPI %s, Chatwoot's is of 3.1", doc.OpenAPI)
	}
	doc.Servers = nil // an emulator is none of them
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody != nil {
				closeContent(operation.RequestBody.Value.Content)
			}
			for _, answer := range operation.Responses.Map() {
				closeContent(answer.Value.Content)
			}
		}
	}
	// The document must be sound but for its examples: one, of contacts/filter, has a null where its schema wants text.
	router, err := legacy.NewRouter(doc, openapi3.DisableExamplesValidation())
	return &openAPI{router, bot}, err
}

func closeContent(content openapi3.Content) {
	for _, media := range content {
		media.Schema = closed(media.Schema, map[*openapi3.Schema]bool{})
	}
}

// closed copies a schema so that an object whose members are named has no others, at every depth. What the parts of an
// allOf name is named once more beside them: where one part fails, its members would all count as unnamed otherwise.
func closed(ref *openapi3.SchemaRef, above map[*openapi3.Schema]bool) *openapi3.SchemaRef {
	if ref == nil || ref.Value == nil || above[ref.Value] {
		return ref
	}
	above[ref.Value] = true
	defer delete(above, ref.Value)
	s := *ref.Value
	s.Items = closed(s.Items, above)
	s.Properties = openapi3.Schemas{}
	for _, part := range append(openapi3.SchemaRefs{ref}, s.AllOf...) {
		for name, member := range part.Value.Properties {
			s.Properties[name] = closed(member, above)
		}
	}
	if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
		none := false
		s.UnevaluatedProperties = openapi3.BoolSchema{Has: &none}
	}
	return &openapi3.SchemaRef{Value: &s}
}

// exchange is one request and its answer.
type exchange struct {
	method, target string // target is path and query
	header         http.Header
	body           []byte

	status       int
	answerHeader http.Header
	answer       []byte
}

// verdict is what the document says of an exchange.
type verdict struct {
	operation  string // method and path within the account, as the document spells it
	documented bool   // the document has the operation; else nothing more is known
	request    []mismatch
	answer     []mismatch
}

var pathNumber = regexp.MustCompile(`/\d+`)

// check holds one exchange against the document.
func (d *openAPI) check(vendor string, x exchange) (v verdict) {
	side := mismatch{vendor: vendor, side: "request"}
	r, err := http.NewRequest(x.method, "http://localhost"+x.target, bytes.NewReader(x.body))
	if err != nil {
		v.request = side.list(err)
		return v
	}
	r.Header = x.header.Clone()
	route, parameters, err := d.router.FindRoute(r)
	if err != nil {
		v.operation = x.method + " " + pathNumber.ReplaceAllString(r.URL.Path, "/#")
		side.operation, side.what = v.operation, undocumented
		v.request = []mismatch{side}
		return v
	}
	v.documented = true
	v.operation = x.method + " " + strings.TrimPrefix(route.Path, "/api/v1/accounts/{account_id}/")
	side.operation = v.operation
	asked := &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route, Options: &openapi3filter.Options{
		MultiError: true, IncludeResponseStatus: true, RejectWhenRequestBodyNotSpecified: true, SkipSettingDefaults: true,
		AuthenticationFunc: d.authenticate,
	}}
	v.request = append(side.list(openapi3filter.ValidateRequest(context.Background(), asked)), side.queries(r, route)...)

	side.side, side.status = "answer", x.status
	got := &openapi3filter.ResponseValidationInput{RequestValidationInput: asked, Status: x.status, Header: x.answerHeader, Options: asked.Options}
	got.SetBodyBytes(x.answer)
	v.answer = side.list(openapi3filter.ValidateResponse(context.Background(), got))
	if response := route.Operation.Responses.Status(x.status); response != nil && len(response.Value.Content) == 0 && len(x.answer) > 0 {
		side.what = undocumented // the validator does not look where nothing should be
		v.answer = append(v.answer, side)
	}
	return v
}

// authenticate takes a token for a bot's or else a user's, which some operations ask for.
func (d *openAPI) authenticate(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	token := in.RequestValidationInput.Request.Header.Get(in.SecurityScheme.Name)
	if token == "" || (token == d.bot) != (in.SecuritySchemeName == "agentBotApiKey") {
		return in.NewError(nil)
	}
	return nil
}

// queries finds query parameters that the operation does not have.
func (m mismatch) queries(r *http.Request, route *routers.Route) (found []mismatch) {
	m.what = undocumented
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil && route.PathItem.Parameters.GetByInAndName("query", name) == nil {
			m.at = "query " + name
			found = append(found, m)
		}
	}
	return found
}
