package deadline_test

import (
	"fmt"
	"time"

	"polarweb.nl/inzage/internal/deadline"
)

// A request arrives a month before Easter.
func Example() {
	zone, err := deadline.Zone("Europe/Amsterdam")
	if err != nil {
		fmt.Println(err)
		return
	}
	calendar, err := deadline.NewCalendar(deadline.DutchOptions(zone))
	if err != nil {
		fmt.Println(err)
		return
	}
	clocks, err := calendar.Clocks(time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC), 28)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("Promised:", clocks.PromiseDue.Long().EN)
	for _, step := range calendar.ExplainLaw(clocks).Steps {
		fmt.Println(step.NL)
	}
	next, _ := calendar.Warnings(clocks).Next(clocks.ReceiptDay)
	fmt.Println(next.Kind, next.Date)
	// Output:
	// Promised: Thursday 2 April 2026
	// Uw bericht kwam binnen op donderdag 5 maart 2026.
	// Een maand later is zondag 5 april 2026.
	// Dat is Eerste Paasdag en een zondag.
	// De dag erna is Tweede Paasdag.
	// Daarom is de uiterste datum de eerste werkdag erna: dinsdag 7 april 2026.
	// acknowledge 2026-03-06
}
