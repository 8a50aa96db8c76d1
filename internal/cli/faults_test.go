package cli

import (
	"net/http"
	"testing"
	"time"

	"herald/providers"
	"herald/providers/sandbox"
)

// Every way in which a vendor can fail, at every vendor: what herald makes of it never promises more than is true. What
// may have been accepted is unknown, and what is called not accepted was not.
func TestFaultsAtEmulators(t *testing.T) {
	faults := []struct {
		fault sandbox.Fault
		class providers.Class
	}{
		{sandbox.Fault{}, providers.Accepted},
		{sandbox.Fault{Kind: sandbox.FaultDropBefore}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultDropAfter}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultError}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultThrottle}, providers.Throttled},
		{sandbox.Fault{Kind: sandbox.FaultThrottle, RetryAfter: 7}, providers.Throttled},
		{sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 700 * time.Millisecond}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultHang}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultBadJSON}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultDrip, Pace: 100 * time.Millisecond}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultRedirect}, providers.AccountError},
		{sandbox.Fault{Kind: sandbox.FaultHuge}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultTruncate}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultErrorIn200}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultResetBefore}, providers.Unknown},
		{sandbox.Fault{Kind: sandbox.FaultResetAfter}, providers.Unknown},
	}
	for _, tt := range faults {
		name := tt.fault.Kind.String()
		if tt.fault.RetryAfter > 0 {
			name += " with Retry-After"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, err := sandbox.Start(sandbox.Options{NoLimits: true, Fault: func(string, int, *http.Request) sandbox.Fault { return tt.fault }})
			if err != nil {
				t.Fatal(err)
			}
			defer box.Close()
			for _, v := range box.Vendors() {
				p := openedWithin(t, v, 500*time.Millisecond)
				request, _ := p.Render(providers.Message{Content: contentOf(providers.KindText, v.Name), Address: everywhere()})
				out := p.Send(t.Context(), request, providers.NewKey())
				if out.Class != tt.class || out.Class != providers.Accepted && out.Reason == "" {
					t.Errorf("%s: %+v, want %v", v.Name, out, tt.class)
				}
				if tt.fault.RetryAfter > 0 && out.After != 7*time.Second {
					t.Errorf("%s waits %v", v.Name, out.After)
				}
				time.Sleep(10 * time.Millisecond) // a delayed one is accepted after its client has gone
				accepted := box.Count(v.Name)
				if accepted > 1 || accepted == 1 && out.Class != providers.Accepted && out.Class != providers.Unknown {
					t.Errorf("%s accepted %d, and the class is %v", v.Name, accepted, out.Class)
				}
				if box.Requests(v.Name) != 1 || box.Redirected(v.Name) != 0 {
					t.Errorf("%s: %d requests, %d redirected", v.Name, box.Requests(v.Name), box.Redirected(v.Name))
				}
			}
		})
	}
}

// openedWithin opens a vendor's provider with a timeout of its own.
func openedWithin(t *testing.T, v sandbox.Vendor, timeout time.Duration) providers.Provider {
	t.Helper()
	kind, _ := newRegistry().Type(v.Name)
	p, err := kind.Open(providers.Account{Type: v.Name, Settings: emulatorSettings(kind.Facts, v, ""), Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}
