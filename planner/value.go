package planner

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// jsonValue gives a JSON value as the language has it; numbers stay exact.
func jsonValue(raw json.RawMessage) (cty.Value, error) {
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return cty.NullVal(cty.DynamicPseudoType), nil
	case raw[0] == '"':
		return cty.StringVal(jsonText(raw)), nil
	}
	t, err := ctyjson.ImpliedType(raw)
	if err != nil {
		return cty.NilVal, err
	}
	return ctyjson.Unmarshal(raw, t)
}

// jsonText gives a JSON string's value, "" for null, and anything else as it is written.
func jsonText(raw json.RawMessage) string {
	if len(raw) > 0 && raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	}
	if bytes.Equal(raw, []byte("null")) {
		return ""
	}
	return string(raw)
}

func textOrNumber(raw json.RawMessage) bool {
	return len(raw) > 0 && (raw[0] == '"' || raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9' || raw[0] == 'n')
}

// asText gives a value as text: strings as they are, numbers and bools as the language writes them, "" for the rest.
func asText(v cty.Value) string {
	if v.IsNull() || !v.IsKnown() {
		return ""
	}
	switch v.Type() {
	case cty.String:
		return v.AsString()
	case cty.Bool:
		return strconv.FormatBool(v.True())
	case cty.Number:
		if s, err := convert.Convert(v, cty.String); err == nil {
			return s.AsString()
		}
	}
	return ""
}

// clip bounds what a message shows of somebody's value.
func clip(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "..."
		}
	}
	return s
}
