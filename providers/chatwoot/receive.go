package chatwoot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"herald/providers"
)

// webhook is the name of the one callback: Chatwoot has its address from the account's own settings, or the inbox's.
const webhook = "webhook"

// freshness is how far the time in a call may be from ours.
const freshness = 5 * time.Minute

// The headers of a call (hooks).
const (
	headerSignature = "X-Chatwoot-Signature" // sha256=, and HMAC-SHA256 of "{timestamp}.{body}" in hexadecimal
	headerTimestamp = "X-Chatwoot-Timestamp" // seconds since 1970
	headerDelivery  = "X-Chatwoot-Delivery"  // a UUID, the same when the job runs again
)

// maxDelivery bounds the delivery that is taken for one; Chatwoot's have 36 characters.
const maxDelivery = 100

// Callbacks lists the webhook, as soon as there is a secret to verify its calls with.
func (p *account) Callbacks() []providers.Callback {
	if p.secret == "" {
		return nil
	}
	return []providers.Callback{{Name: webhook}}
}

// Verify checks the signature of a call, and that it was made just now. The delivery is not signed: whoever could repeat
// a call within freshness under another one would only say the same again.
func (p *account) Verify(name string, h http.Header, body []byte, now time.Time) (delivery string, err error) {
	if p.secret == "" || name != webhook {
		return "", errors.New("no webhook_secret is set, so no call can be verified; give the webhook's secret in the provider block")
	}
	given, ok := strings.CutPrefix(h.Get(headerSignature), "sha256=")
	if !ok {
		return "", fmt.Errorf("the call has no %s; Chatwoot signs its calls from 4.12 on", headerSignature)
	}
	stamp := h.Get(headerTimestamp)
	sum := hmac.New(sha256.New, []byte(p.secret))
	sum.Write([]byte(stamp + "."))
	sum.Write(body)
	signature, err := hex.DecodeString(given)
	if err != nil || !hmac.Equal(signature, sum.Sum(nil)) {
		return "", fmt.Errorf("the %s was not made with webhook_secret; compare it with the secret that the webhook's settings show", headerSignature)
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || seconds < 0 || seconds >= 1<<36 {
		return "", fmt.Errorf("the %s is no time", headerTimestamp)
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > freshness || off < -freshness {
		return "", fmt.Errorf("the call is signed for a time %s from now, more than %s; it is an old one, or a clock is wrong", off.Abs().Round(time.Second), freshness)
	}
	delivery = h.Get(headerDelivery)
	if len(delivery) > maxDelivery {
		return "", nil
	}
	return delivery, nil
}
