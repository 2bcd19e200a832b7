package mailroom

import "strings"

// authResults is one Authentication-Results field (RFC 8601): what one server
// found out about the sender.
type authResults struct {
	authserv string
	methods  []authMethod
}

// authMethod is the result of one method, such as "dkim=pass header.d=x.nl".
type authMethod struct {
	method string
	result string
	props  map[string]string
}

// maxMethods bounds the results of one field; real ones hold fewer than ten.
const maxMethods = 50

// parseAuthResults reads one field. What does not follow the grammar is
// skipped: less evidence is always safe.
func parseAuthResults(value string) authResults {
	pieces := splitOutsideQuotes(withoutComments(value), ';')
	if len(pieces) > maxMethods {
		pieces = pieces[:maxMethods]
	}
	var found authResults
	if words := strings.Fields(pieces[0]); len(words) > 0 {
		found.authserv = strings.ToLower(strings.Trim(words[0], `"`))
	}
	for _, piece := range pieces[1:] {
		if method, ok := parseMethod(piece); ok {
			found.methods = append(found.methods, method)
		}
	}
	return found
}

// parseMethod reads "method/version = result ptype.property = value ...". Of a
// property given twice the first counts: a second one came in with a value that
// the sender chose.
func parseMethod(piece string) (authMethod, bool) {
	words := strings.Fields(strings.ReplaceAll(spacedEquals(piece), " = ", "="))
	if len(words) == 0 {
		return authMethod{}, false
	}
	name, result, found := strings.Cut(strings.ToLower(words[0]), "=")
	name, _, _ = strings.Cut(name, "/")
	if !found || name == "" {
		return authMethod{}, false
	}
	m := authMethod{method: name, result: result, props: map[string]string{}}
	for _, word := range words[1:] {
		key, text, _ := strings.Cut(word, "=")
		key = strings.ToLower(key)
		if _, twice := m.props[key]; !twice {
			m.props[key] = strings.Trim(text, `"`)
		}
	}
	return m, true
}

// spacedEquals puts one space on each side of every "=" that has space beside
// it, since the grammar allows comments and white space there.
func spacedEquals(piece string) string {
	joined := strings.Join(strings.Fields(piece), " ")
	return strings.NewReplacer(" = ", " = ", "= ", " = ", " =", " = ").Replace(joined)
}

// of gives the results of one method.
func (a authResults) of(method string) []authMethod {
	var found []authMethod
	for _, m := range a.methods {
		if m.method == method {
			found = append(found, m)
		}
	}
	return found
}

// withoutComments takes out comments, which nest (RFC 5322, section 3.2.2), but
// leaves quoted strings alone. A comment that never ends hides the rest, so
// that nothing can be smuggled in behind it.
func withoutComments(value string) string {
	var out strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(value); i++ {
		switch b := value[i]; {
		case b == '\\' && i+1 < len(value):
			if depth == 0 {
				out.WriteString(value[i : i+2])
			}
			i++
		case b == '"' && depth == 0:
			quoted = !quoted
			out.WriteByte(b)
		case b == '(' && !quoted:
			depth++
		case b == ')' && !quoted && depth > 0:
			depth--
			if depth == 0 {
				out.WriteByte(' ')
			}
		case depth == 0:
			out.WriteByte(b)
		}
	}
	return out.String()
}

// withoutQuoted takes out quoted strings. It is used to look for syntax, which
// inside quotes is only text.
func withoutQuoted(value string) string {
	var out strings.Builder
	quoted := false
	for i := 0; i < len(value); i++ {
		switch b := value[i]; {
		case b == '\\' && i+1 < len(value):
			i++
		case b == '"':
			quoted = !quoted
		case !quoted:
			out.WriteByte(b)
		}
	}
	return out.String()
}

// splitOutsideQuotes splits at a separator that does not stand in quotes.
func splitOutsideQuotes(value string, sep byte) []string {
	var pieces []string
	start, quoted := 0, false
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] == '\\' && quoted:
			i++
		case value[i] == '"':
			quoted = !quoted
		case value[i] == sep && !quoted:
			pieces = append(pieces, value[start:i])
			start = i + 1
		}
	}
	return append(pieces, value[min(start, len(value)):])
}
