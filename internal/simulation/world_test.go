package simulation

import (
	"container/heap"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"log/slog"
	"math/rand/v2"
	"time"

	"polarweb.nl/inzage/internal/casework"
	"polarweb.nl/inzage/internal/casework/caseworktest"
	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/events/dispatch"
	"polarweb.nl/inzage/internal/events/feedback"
	"polarweb.nl/inzage/internal/events/idcheck"
	"polarweb.nl/inzage/internal/events/intake"
	"polarweb.nl/inzage/internal/events/parcel"
	"polarweb.nl/inzage/internal/events/purge"
	"polarweb.nl/inzage/internal/events/remind"
	"polarweb.nl/inzage/internal/events/sweep"
)

// design is what a world is built from: the real thing, or one mistake.
type design struct {
	flaws      caseworktest.Flaws
	noSweep    bool
	twists     map[part]twist       // the cases that a part reads and writes
	linkRows   func(*dsr.Link)      // what pages read about a link
	letterRows func(*dsr.Letter)    // what recording reads about a letter
	forms      func(*world, *claim) // what a form says when it comes in
	ports      func(*world)         // what stands between an act and a port
	without    nets                 // the nets that no world has
	seasons    int                  // how many have to go by before it can be seen
}

// world is one run of the desk, from the first mail to the last receipt.
type world struct {
	design
	seed   uint64
	rng    *rand.Rand // every choice in this world
	rules  casework.Rules
	alone  bool // one person is the whole organisation
	faults faults
	nets   nets
	met    map[string]int // how often each thing happened

	start, now time.Time
	agenda     agenda
	runs       int
	current    *run
	going      map[*run]bool // runs that have not ended
	trace      hash.Hash

	memory   *caseworktest.Memory
	objects  *caseworktest.Objects
	intake   intake.Handler
	dispatch dispatch.Handler
	feedback feedback.Handler
	sweep    sweep.Handler
	idcheck  idcheck.Handler
	parcel   parcel.Handler
	remind   remind.Handler
	purge    purge.Handler
	desk     desk
	portal   portal

	verdicts bool                 // trust comes from the notice and not from the mail
	mails    []*incoming          // all that come in
	read     map[string]*incoming // by what stands in them
	settled  map[string]time.Time // when each mail came to its end
	streamed map[string]bool      // the rows that the stream told of, by their tags
	sent     []posted

	staff     []*staffer
	customers []*customer
	links     map[string]dsr.Link // by their tokens
	deeds     []deed              // all that was done to cases
	deedsOf   map[dsr.OwnerID][]deed
	shown     []showing            // all answers that somebody saw
	calls     map[dsr.Number]bool  // whoever cannot open their answer rings up
	surprises []error              // how a page ended that nobody foresaw
	messy     map[dsr.OwnerID]bool // cases where a run may have left something in the vault

	workFrom, workUntil time.Time // when diligent people begin, and stop

	stock    map[string]*object            // all that ever lay in a bucket
	uploads  map[dsr.EnclosureRef]string   // what was uploaded, by where it went
	moves    []fileMove                    // all that was done to files
	files    map[dsr.EnclosureRef]fileMove // the last of it, for each
	approved map[dsr.OwnerID][]string      // the hashes of the files that were agreed on
	packed   []bundle                      // all packages, and all that was downloaded
	left     map[dsr.OwnerID]bool          // cases that nobody works on for weeks
	stays    map[[32]byte]time.Time        // the sessions that began, and when
}

// newWorld draws a world from a seed.
func newWorld(seed uint64, at offices, d design) *world {
	w := &world{
		design: d, seed: seed, rules: at.firm,
		rng:      rand.New(rand.NewPCG(seed, 1679)),
		met:      map[string]int{},
		going:    map[*run]bool{},
		trace:    sha256.New(),
		read:     map[string]*incoming{},
		settled:  map[string]time.Time{},
		streamed: map[string]bool{},
		links:    map[string]dsr.Link{},
		deedsOf:  map[dsr.OwnerID][]deed{},
		calls:    map[dsr.Number]bool{},
		messy:    map[dsr.OwnerID]bool{},
		stock:    map[string]*object{},
		uploads:  map[dsr.EnclosureRef]string{},
		files:    map[dsr.EnclosureRef]fileMove{},
		approved: map[dsr.OwnerID][]string{},
		left:     map[dsr.OwnerID]bool{},
		stays:    map[[32]byte]time.Time{},
	}
	w.start = starts()[w.rng.IntN(len(starts()))]
	w.now = w.start
	w.faults = w.drawFaults()
	w.nets = w.drawNets()
	w.verdicts = w.chance(0.5)
	if w.alone = w.chance(0.3); w.alone {
		w.rules = at.alone
	}
	w.drawRules()
	w.wire()
	w.planMail()
	w.people()
	return w
}

// starts are the instants at which worlds begin: an ordinary Monday, the night
// in which the clock goes forward, a month with a short one after it, and the
// end of a year, where sender hashes get another key.
func starts() []time.Time {
	return []time.Time{
		time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC),
		time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC),
		time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC),
		time.Date(2026, 12, 31, 10, 0, 0, 0, time.UTC),
	}
}

// wire connects the real handlers to ports in memory.
func (w *world) wire() {
	sealer := caseworktest.Sealer{Gate: w.gate}
	w.memory = caseworktest.New(w.gate, w.flaws, w, sealer)
	w.objects = &caseworktest.Objects{Gate: w.gate}
	place := casework.Place{Random: w, Pause: caseworktest.NoPause}
	recording := casework.Recording{Place: place, Rules: w.rules, Cases: w.cases(partRecording), Letters: w.recordedLetters()}
	quiet := slog.New(slog.DiscardHandler)
	w.intake = intake.Handler{
		Receiving: casework.Receiving{
			Place: place, Rules: w.rules, Cases: w.cases(partReceiving), Mails: w.memory, Numbers: w.memory,
			Known: w.memory, Bodies: w.bucket(), Sealer: sealer,
		},
		Raw: w.objects, Reader: reader{w}, Clock: w.clock, Log: quiet,
	}
	w.dispatch = dispatch.Handler{
		Sending: casework.Sending{
			Recording: recording, Mails: w.memory, OpenRaw: w.objects.Open,
			Mint: w.mint, Compose: compose, Forward: forward, Post: w.post,
		},
		Clock: w.clock, Log: quiet,
	}
	w.feedback = feedback.Handler{Recording: recording, Clock: w.clock, Log: quiet}
	w.sweep = sweep.Handler{
		Sweeping: casework.Sweeping{
			Place: place, Due: w.memory, Mails: w.memory, Letters: w.memory, Sessions: w.memory,
			Raw: w.bucket(), Files: w.swept(), Drive: w.drive, Rules: w.rules, Cases: w.cases(partSweeping),
		},
		Gathering: sweep.Gathering{Ledger: grown{}}, Clock: w.clock, Log: quiet,
	}
	w.wireFiles(place, quiet)
	w.wirePages(place)
	if w.ports != nil {
		w.ports(w)
	}
}

// Read implements io.Reader with the world's own randomness.
func (w *world) Read(p []byte) (int, error) {
	for i := 0; i < len(p); i += 8 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], w.rng.Uint64())
		copy(p[i:], word[:])
	}
	return len(p), nil
}

// after puts something on the agenda.
func (w *world) after(d time.Duration, do func()) {
	heap.Push(&w.agenda, entry{at: w.now.Add(d), rank: w.rng.Uint64(), do: do})
}

// enough is how many things may happen in one world. Many times fewer do.
const enough = 1_000_000

// errRestless is the failure of a world that goes on for ever.
var errRestless = errors.New("the world does not come to rest")

// live lets everything happen that there is to happen until an instant.
func (w *world) live(until time.Time) error {
	for happened := 0; len(w.agenda) > 0 && !w.agenda[0].at.After(until); happened++ {
		if happened == enough {
			return errRestless
		}
		next := heap.Pop(&w.agenda).(entry)
		w.now = next.at
		next.do()
	}
	return nil
}
