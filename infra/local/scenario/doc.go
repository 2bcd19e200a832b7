// Package scenario tries the whole local stack from outside: a mail comes in by
// SMTP, these letters go out, this page says that. It holds tests only and
// stores nothing but temporary folders.
//
// The scripts in testdata/*.txtar are written to be read by a privacy officer.
// Each is named after the rule it shows, and says in its comments why the rule
// stands. Their commands, beside those of testscript itself:
//
//	stack [-duplicates N] [-open] [-staff ID] [-mx]
//	                               start a stack; its clock says 2026-03-05, 9:00;
//	                               with -staff only that colleague works here, with
//	                               -mx all mail comes to Inzage first
//	left ID                        a colleague leaves, and the stack starts again
//	send [-from ADDRESS] FILE …    send mails by SMTP, one after the other
//	send -at-once FILE FILE        the same, with all last lines sent together
//	fill FILE BYTES                make a mail that long
//	attach FILE FILE TYPE          put the second file into the mail that the first is
//	picture FILE [BYTES]           draw a copy of an identity document, that long
//	bomb FILE                      make a small file that says it is a huge picture
//	settle                         wait until nothing is left to do
//	advance 25h                    let that much time pass, and settle
//	jump 144h                      let it pass while nothing runs: an outage
//	keys away|back                 let KMS refuse every call, or answer again
//	mails                          what became of each mail that was sent
//	raw                            which mails lie in the store as they came, and
//	                               the others
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
//	vault                          what the vault holds
//	files NUMBER                   what became of each file of a case
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
//	download ADDRESS ADDRESS NUMBER
//	                               the same, and the names in the archive of its files
//	openupload ADDRESS NUMBER      open the page that takes a copy
//	upload [-key KEY] FILE         send a file by the page that was opened last
//	sendcopy ADDRESS NUMBER FILE   both, one after the other
//	look ID NUMBER                 look at a copy: blurred, then sharp; $COPY names it
//	announce ID NUMBER SYSTEM RIGHT NAME
//	                               say that a file is to come for the answer
//	bring ID NUMBER SYSTEM FILE    send that file
//	openmail ID                    open the mail that a notice to a colleague is about
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
