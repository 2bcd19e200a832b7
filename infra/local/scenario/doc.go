// Package scenario tries the whole local stack from outside: a mail comes in by
// SMTP, these letters go out, this page says that. It holds tests only and
// stores nothing but temporary folders.
//
// The scripts in testdata/*.txtar are written to be read by a privacy officer.
// Each is named after the rule it shows, and says in its comments why the rule
// stands. Their commands, beside those of testscript itself:
//
//	stack [-duplicates N] [-open] [-staff ID]
//	                               start a stack; its clock says 2026-03-05, 9:00;
//	                               with -staff only that colleague works here
//	left ID                        a colleague leaves, and the stack starts again
//	send [-from ADDRESS] FILE …    send mails by SMTP, one after the other
//	send -at-once FILE FILE        the same, with all last lines sent together
//	fill FILE BYTES                make a mail that long
//	settle                         wait until nothing is left to do
//	advance 25h                    let that much time pass, and settle
//	mails                          what became of each mail that was sent
//	cases                          each open case with its rights and dates
//	case NUMBER                    state and outcome of a case, open or closed
//	history [NUMBER]               what happened in a case, or in the only one
//	letters                        who got which letter
//	letter [-raw|-bare] WHO SUBJECT
//	                               the text of one letter, all its bytes, or the
//	                               text without its number and links
//	link NAME WHO SUBJECT          put the link in a letter, and its token, in
//	                               $NAME and $NAME_TOKEN
//	alter NAME TOKEN               put a token with one other character in $NAME
//	visit [-bare] [-method M] [-times N] LINK
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
// People act through the pages, each with a browser of their own. They follow the
// newest link that they were sent, staff type the code on their telephone, and
// fill in forms by the names of their fields. Each of these commands prints the
// page that it leads to, and waits until what it caused is done; "!" before it
// says that the pages refuse it:
//
//	page ID NUMBER                 the page of a case at the desk
//	act ID NUMBER ACT [FIELD=VALUE …]
//	                               a form on the page of a case; FIELD=@FILE takes
//	                               the value from a file
//	search ID NUMBER RIGHT [SYSTEM=RESULT[:TEXT] …]
//	                               look into every system; the others hold nothing
//	preview ID NUMBER OUTCOME      the exact answer as it would leave
//	submit ID NUMBER OUTCOME       lay it before a second person
//	review ID NUMBER               what the second person sees
//	decide ID NUMBER [FIELD=VALUE …]
//	                               what they decide
//	confirm ADDRESS NUMBER ja|nee [TYPED]
//	                               the contact on file: is this request yours?
//	halt ADDRESS NUMBER            stop an answer that waits
//	withdraw ADDRESS NUMBER [TYPED]
//	                               take a request back
//	collect ADDRESS ADDRESS NUMBER read the answer, with the code from the second
//	                               mailbox
//	askcode ADDRESS NUMBER         ask for that code alone
//	trycode ADDRESS NUMBER CODE    try a code
//
// WHO is a member of staff by id, or an address. One stack runs at a time: the
// object store changes the working folder of the process.
//
// What a script cannot say (a crowd, a kill -9, a failing SES, a search through
// all that is stored) is a Go test beside them. All of it needs what make build
// and npm ci make, and is skipped without.
package scenario
