// Package scenario tries the whole local stack from outside: a mail comes in by
// SMTP, these letters go out, this page says that. It holds tests only and
// stores nothing but temporary folders.
//
// The scripts in testdata/*.txtar are written to be read by a privacy officer.
// Each is named after the rule it shows, and says in its comments why the rule
// stands. Their commands, beside those of testscript itself:
//
//	stack [-duplicates N] [-open]  start a stack; its clock says 2026-03-05, 9:00
//	send [-from ADDRESS] FILE …    send mails by SMTP, one after the other
//	send -at-once FILE FILE        the same, with all last lines sent together
//	fill FILE BYTES                make a mail that long
//	settle                         wait until nothing is left to do
//	advance 25h                    let that much time pass, and settle
//	mails                          what became of each mail that was sent
//	cases                          each open case with its rights and dates
//	history [NUMBER]               what happened in a case, or in the only one
//	letters                        who got which letter
//	letter [-raw] WHO SUBJECT      the text of one letter, or all its bytes
//	link NAME WHO SUBJECT          put the link in a letter, and its token, in
//	                               $NAME and $NAME_TOKEN
//	alter NAME TOKEN               put a token with one other character in $NAME
//	visit [-method M] [-times N] LINK
//	                               status and text of a page
//	code NAME WHO                  put the code on a colleague's telephone in $NAME
//	signin NAME TOKEN CODE         post a code, and put the session in $NAME
//	desk [-method M] [-times N] SESSION PATH
//	                               status and text of a page of the desk
//	signout SESSION                leave the desk
//	vault                          how many texts the vault holds
//	deadletters                    how many messages were given up on
//	tables                         every byte of both tables; needs stack -open
//
// WHO is a member of staff by id, or an address. One stack runs at a time: the
// object store changes the working folder of the process.
//
// What a script cannot say (a crowd, a kill -9, a failing SES, a search through
// all that is stored) is a Go test beside them. All of it needs what make build
// and npm ci make, and is skipped without.
package scenario
