package config

import (
	"fmt"
	"strings"
)

// LinkKeys are the KMS keys of one audience's links, by the key id (kid) that
// tokens carry. During a rotation there are two: Kid mints, both verify.
type LinkKeys struct {
	Kid  string            // the kid new links are minted under
	Keys map[string]string // KMS keys by kid
}

// Mints gives the KMS key new links are minted under.
func (k LinkKeys) Mints() string { return k.Keys[k.Kid] }

// LinkKeys gives the keys of a setting; Load made sure that it can be read.
func (e Environment) LinkKeys(setting Setting) LinkKeys {
	keys, _ := e.linkKeys(setting)
	return keys
}

// linkKeys reads a setting of the form "kid=key" or "kid=key,kid=key"; the
// first kid mints.
func (e Environment) linkKeys(setting Setting) (LinkKeys, error) {
	keys := LinkKeys{Keys: map[string]string{}}
	for _, pair := range strings.Split(e.Get(setting), ",") {
		kid, key, ok := strings.Cut(pair, "=")
		if !ok || kid == "" || key == "" {
			return LinkKeys{}, fmt.Errorf("%s must read kid=key, or kid=key,kid=key during a rotation", setting)
		}
		if keys.Kid == "" {
			keys.Kid = kid
		}
		keys.Keys[kid] = key
	}
	return keys, nil
}
