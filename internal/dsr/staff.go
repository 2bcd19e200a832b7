package dsr

import "time"

// Member is what is stored about a member of staff who may sign in. Name and
// address stand in the organisation file; the secret of their codes is sealed
// and opened apart. The row holds no personal data but the actor's id.
type Member struct {
	Actor    ActorID
	Enrolled time.Time // when the secret was stored; another enrolment has another
	LastStep int64     // the last time step whose code opened a session; no code counts twice
	LastAct  int64     // likewise for codes given with an act
	Failed   int       // wrong codes since FailedAt
	FailedAt time.Time // when the first of them was given
}

// Session is a staff member's stay at the desk. It is found by the hash of the
// random id in their cookie; the id itself is stored nowhere.
type Session struct {
	Hash     [32]byte
	Actor    ActorID
	Enrolled time.Time // of the enrolment whose code opened it; it ends with that one
	Expires  time.Time
	Link     LinkID  // the link the session began with
	Purpose  Purpose // of that link
	Owner    OwnerID // what that link is about
}
