package cli

import "testing"

// The answer that a test lets Maax AI give is found where reply_path says.
func TestAnswerBody(t *testing.T) {
	for path, want := range map[string]string{
		"":                     `"Yes"`,
		"answer":               `{"answer":"Yes"}`,
		"data.answer":          `{"data":{"answer":"Yes"}}`,
		"data.answers[1].text": `{"data":{"answers":[null,{"text":"Yes"}]}}`,
		"rows[0][1]":           `{"rows":[[null,"Yes"]]}`,
		"[0].text":             `[{"text":"Yes"}]`,
	} {
		if got, err := answerBody(path, "Yes"); err != nil || string(got) != want {
			t.Errorf("%q: %s %v, want %s", path, got, err, want)
		}
	}
	if _, err := answerBody("a[1000000000]", "Yes"); err == nil {
		t.Error("a list of a thousand million elements was made")
	}
}
