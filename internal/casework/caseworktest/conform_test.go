package caseworktest_test

import (
	"math/rand/v2"
	"testing"

	"polarweb.nl/inzage/internal/casework/caseworktest"
)

// ports gives an empty store in memory with some flaws.
func ports(flaws caseworktest.Flaws) caseworktest.Ports {
	sealer := caseworktest.Sealer{Gate: caseworktest.Open}
	memory := caseworktest.New(caseworktest.Open, flaws, rand.NewChaCha8([32]byte{}), sealer)
	return caseworktest.Ports{
		Cases: memory, Letters: memory, Mails: memory, Numbers: memory, Known: memory, Due: memory, Sealer: sealer,
		Staff: memory, Enrol: memory.Enrol, Remove: memory.Remove, Sessions: memory,
		OpenCases: memory.OpenCases, CaseOfNumber: memory.CaseOfNumber, OpenHistory: memory.OpenHistory,
		ReadTasks: memory.ReadTasks, EnclosureOf: memory.EnclosureOf, EnclosuresOf: memory.EnclosuresOf,
		Leftovers: memory.Leftovers, Expire: memory.Expire, Unlink: memory.Unlink,
	}
}

func TestMemoryConforms(t *testing.T) {
	caseworktest.Conform(t, func(*testing.T) caseworktest.Ports { return ports(caseworktest.Flaws{}) })
}
