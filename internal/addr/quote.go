package addr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote gives s as an HCL string literal, quotes included. Control and direction characters are escaped, so the result
// is safe to print on a terminal.
func Quote(s string) string {
	var b strings.Builder
	quote(&b, s)
	return b.String()
}

func quote(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case (r == '$' || r == '%') && strings.HasPrefix(s[i+1:], "{"):
			// In HCL "${" opens a template; doubling the sign makes it text.
			b.WriteRune(r)
			b.WriteRune(r)
		case r < 0x20 || !unicode.IsPrint(r) && r <= 0xFFFF:
			fmt.Fprintf(b, `\u%04x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// unquote reads an HCL string literal that begins s and gives its value and how many bytes it took.
func unquote(s string) (value string, n int, err error) {
	if !strings.HasPrefix(s, `"`) {
		return "", 0, fmt.Errorf(`the key must be in double quotes`)
	}
	var b strings.Builder
	for i := 1; i < len(s); {
		c := s[i]
		switch {
		case c == '"':
			return b.String(), i + 1, nil
		case c == '\\':
			r, size, err := unescape(s[i:])
			if err != nil {
				return "", 0, err
			}
			b.WriteRune(r)
			i += size
		case (c == '$' || c == '%') && strings.HasPrefix(s[i+1:], string(c)+"{"):
			b.WriteByte(c)
			b.WriteByte('{')
			i += 3
		case (c == '$' || c == '%') && strings.HasPrefix(s[i+1:], "{"):
			return "", 0, fmt.Errorf("%c{ opens a template, which has no place in a key; write %c%c{", c, c, c)
		case c == '\n':
			return "", 0, fmt.Errorf(`the key is cut by a line break; write \n`)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return "", 0, fmt.Errorf("the key is not valid UTF-8")
			}
			b.WriteString(s[i : i+size])
			i += size
		}
	}
	return "", 0, fmt.Errorf("the key's closing quote is missing")
}

// unescape reads one backslash escape at the start of s.
func unescape(s string) (r rune, n int, err error) {
	if len(s) < 2 {
		return 0, 0, fmt.Errorf("the key ends in a lone backslash")
	}
	switch s[1] {
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	case '"', '\\':
		return rune(s[1]), 2, nil
	case 'u', 'U':
		digits := 4
		if s[1] == 'U' {
			digits = 8
		}
		if len(s) < 2+digits {
			return 0, 0, fmt.Errorf(`\%c needs %d hexadecimal digits`, s[1], digits)
		}
		v, err := strconv.ParseUint(s[2:2+digits], 16, 32)
		if err != nil || !utf8.ValidRune(rune(v)) {
			return 0, 0, fmt.Errorf(`%s is no character`, s[:2+digits])
		}
		return rune(v), 2 + digits, nil
	}
	return 0, 0, fmt.Errorf(`\%c is no escape; known are \n \r \t \" \\ \uNNNN \UNNNNNNNN`, s[1])
}
