package mailroom

import "polarweb.nl/inzage/internal/dsr"

// Groups of English words that the rules share.
const (
	enOwn        = " personal|own|private|stored|customer|account|contact|old? "
	enFacts      = " data|information|info|details|records|file|profile "
	enMine       = " my" + enOwn + enFacts
	enAboutMe    = " about|on|regarding|concerning|relating|pertaining|belonging to? me|myself "
	enNotErase   = " <delete|erase|remove|wipe|destroy|rid "
	enHave       = " know|have|has|hold|holds|got|keep|keeps|kept|store|stored|storing|collect|collected|process|processing|processed|saved|gathered|held "
	enErase      = " " + enEraseWords + " "
	enEraseWords = "delete|deleting|deleted|deletion|erase|erasing|erased|erasure|remove|removing|removed|removal|wipe|wiped|destroy|destroyed|scrub|purge"
	enFile       = " system|systems|database|databases|records|files|books|crm|archive|servers "
	enNews       = " list|lists|newsletter|newsletters|mailings|mailing|marketing|advertising|advertisements|ads|promotions|promotional|offers|spam|promos "
	enNoTech     = " !backup|backups|restore|accidentally|recover|vps|server|ftp|folder|mailbox|wordpress|dns "
)

// englishRules are the phrases of English requests, in the order of the rights.
func englishRules() []rule {
	return append(append(englishAccess(), englishErasure()...), englishOthers()...)
}

// englishAccess: art. 15 GDPR, with the questions where the data came from and
// who received them, which art. 15(1)(g) and (c) answer.
func englishAccess() []rule {
	return []rule{
		{"en-what-do-you-know", dsr.Access, sure, []string{
			"!need|needed|require what|which do|does|have|has|did you|company|organisation|organization .." + enHave + ".. " + enAboutMe,
			"!need|needed|require what|which does|has .." + enHave + ".. " + enAboutMe,
			"!need|needed|require what|which" + enOwn + enFacts + "..." + enHave + ".. " + enAboutMe,
			"!need|needed what|which" + enOwn + enFacts + ".. " + enAboutMe + " .." + enHave,
			enNotErase + "!need|needed what ..." + enFacts + ".." + enAboutMe,
			enNotErase + "!need|needed what you" + enHave + ".. " + enAboutMe,
			enNotErase + "everything|anything .. you" + enHave + ".. " + enAboutMe,
			"whether|if .. you .. are?" + enHave + "... personal? data|information|info|anything .. " + enAboutMe,
		}},
		{"en-copy-of-my-data", dsr.Access, sure, []string{
			"copy|copies|overview|export|printout|list ..." + enMine,
			"copy|overview|export|printout|list ..." + enFacts + "... " + enAboutMe,
			"send|give|provide|show .. me .." + enMine,
			"send|give|provide|show .. me .. all|any|the" + enOwn + enFacts + ".. you" + enHave,
			"request|requesting|want|need|like|provide|send|give|share .. all|any|the|every" + enOwn + enFacts + ".. you" + enHave + ".." + enAboutMe,
			"see|view|inspect|access .." + enMine,
		}},
		{"en-access-right", dsr.Access, sure, []string{
			"i|my ... subject access request", ". subject access request", "dsar", "my right .. access",
			"request|requesting|want|like .. access .. to .." + enMine,
			"request|requesting|want|like .. access .. article|art 15", "request ... article|art 15 .. gdpr",
			"access to .." + enFacts + ".. you" + enHave + ".. " + enAboutMe,
		}},
		{"en-where-from", dsr.Access, sure, []string{
			"where|how did|do you .. get|got|obtain|find|have .. my .. data|details|email|emailadress|address|number|name|information|info",
		}},
		{"en-shared-with", dsr.Access, sure, []string{
			"who|whom ... shared|share|sold|sell|given|disclosed|passed .." + enMine,
			"who|whom ... " + enMine + ".. shared|sold|given|disclosed|passed",
		}},
		{"en-why-do-you-keep", dsr.Access, likely, []string{
			"why|long .. you ..." + enHave + ".. " + enMine,
		}},
	}
}

// englishErasure: art. 17 GDPR. As in Dutch, whoever speaks of a backup or a
// server asks for help with his own machine.
func englishErasure() []rule {
	return []rule{
		{"en-erase-my-data", dsr.Erasure, sure, []string{
			enNoTech + enErase + ".." + enMine,
			enNoTech + enMine + "..." + enErase + "!by",
			enErase + ".." + enFacts + ".. " + enAboutMe,
			"get rid of .." + enMine, "get rid of .." + enFacts + ".." + enAboutMe,
		}},
		{"en-erase-everything", dsr.Erasure, sure, []string{
			enErase + ".. whatever|what you" + enHave + ".." + enAboutMe, enErase + ".. whatever|what you .." + enHave + ".." + enAboutMe,
			enErase + ".. everything|anything|all ... about|on|of|from me|myself",
			"everything|all ... about|on me ..." + enErase,
			"get rid of .. everything ... about|on me",
		}},
		{"en-erase-all-or-me", dsr.Erasure, likely, []string{
			enNoTech + enErase + ".. everything|all please|now? .", ". please|kindly|just? remove|delete|erase me please|now|thanks? .",
		}},
		{"en-take-me-out", dsr.Erasure, sure, []string{
			"i .. no longer|not|dont .. want|wish .. in|on .." + enFile, "i .. want|wish .. no longer .. in|on .." + enFile,
			"delete|erase|remove|wipe|take me .. from|of|off .." + enFile,
			"remove|delete|erase my .. name|address|email|number|details .. from .." + enFile,
			"take|get|remove|delete|strike" + enMine + "from|off|of|out .." + enFile, "take|get|strike my name|address|email|number from|off|of|out .." + enFile,
		}},
		{"en-forget-me", dsr.Erasure, sure, []string{
			"right to .. forgotten", "right to erasure|deletion", "i .. be forgotten", "please? forget me",
			"i ... request ... article|art 17 .. gdpr",
		}},
		{"en-account-and-data", dsr.Erasure, sure, []string{
			enEraseWords + "|close .. my .. account ... and ... data|information|details|everything",
			enErase + ".. all|any|the|every .. data|information|info|details|records .. you" + enHave,
		}},
		{"en-account", dsr.Erasure, hint, []string{
			enEraseWords + "|close .. my .. account|profile", "my account|profile .. closed|deleted|removed|erased",
		}},
	}
}

// englishOthers are the remaining rights, in the order of the Dutch table: art.
// 18, 20, 21(1) and 7(3) GDPR, the report about a minor, and words that only
// show that somebody's own data are meant.
func englishOthers() []rule {
	return append(append(englishRectification(), englishMarketing()...), []rule{
		{"en-restrict", dsr.Restriction, sure, []string{
			"restrict|restricting|restriction|limit|freeze|suspend .. processing|use ... me|my",
			"restrict|freeze|block .." + enMine, "stop|pause|suspend processing|using ... until|while|pending",
		}},
		{"en-portable", dsr.Portability, sure, []string{
			enMine + "... csv|json|xml|portable", "structured .. commonly used", "right to .. portability", "request .. portability",
			"transfer|move|send|port .." + enMine + ".. to .. another|other|new",
			"concerning me ... machine readable",
		}},
		{"en-take-along", dsr.Portability, likely, []string{"take|get|move" + enMine + "with me", "export .. csv|json|xml"}},
		{"en-object", dsr.Objection, sure, []string{
			"!marketing|advertising i .. object|objecting ... processing|use|using|profiling ... me|my",
			"!marketing|advertising i .. object|objecting .. to .. you .. using|processing|sharing|selling",
			"stop|quit using|processing|sharing|selling .." + enMine,
			"dont|not want you .. to .. use|share|sell|process .." + enMine,
			"do? not|dont sell|share|use .." + enMine,
		}},
		{"en-withdraw-consent", dsr.ConsentWithdrawal, sure, []string{
			"withdraw|withdrawing|revoke|revoking|retract .. consent|permission", "consent .. withdrawn|revoked",
			"no longer .. consent|agree .. processing|use|my",
		}},
		{"en-minor", dsr.MinorReport, sure, []string{
			"minor|underage ... data|account|consent|details|information", "data|details|information|account .. minor|underage",
			"child|son|daughter|kid|pupil ... without .. consent|permission|approval",
			"my child|son|daughter|childs|sons|daughters|kid|kids .. data|information|details|account|photo",
			"child|son|daughter|kid|pupil .. is|aged|only 6|7|8|9|10|11|12|13|14|15|16|17 ... data|account|signed|registered|details",
		}},
		{"en-about-my-data", "", hint, []string{
			"all my ... deleted|erased|removed|wiped",
			"my personal|private data|information|info|details", "my .. privacy", "data|information|info .. about|concerning me",
			"his|her|their personal? data|details|information ..." + enErase,
		}},
		{"en-request-by-law", "", hint, []string{
			"gdpr|privacy request|requests", "request|rights .. under .. gdpr", "request ... according .. article ... gdpr",
			"my .. rights .. gdpr|privacy", "attached letter", "my letter .. attached",
		}},
	}...)
}

// englishRectification: art. 16 GDPR. To update details may be daily work, so
// that a person looks; to say that they are wrong is a request.
func englishRectification() []rule {
	const mine = " my name|surname|address|birthdate|birthday|details|data|information|record|records|file|title|gender|postcode "
	const wrong = " wrong|incorrect|inaccurate|outdated|misspelled|misspelt|mistaken "
	return []rule{
		{"en-my-data-is-wrong", dsr.Rectification, sure, []string{
			mine + ".. is|are|was|were|spelled|spelt .." + wrong, mine + wrong, "you .. have|got .. my .. wrong .",
			wrong + enOwn + "data|information|details|name|address .. about|on|concerning me", enFacts + ".." + enAboutMe + ".. is|are" + wrong,
			"my date of birth ..." + wrong, mine + ".. not correct|right|accurate",
		}},
		{"en-correct-my-data", dsr.Rectification, sure, []string{
			"correct|correcting|rectify|rectifying|rectification|fix|correction .." + mine,
			"rectification|correction .. of ... personal? data ... me|my|article",
			"correct|rectify|fix .. my" + enOwn + "data|information|details|name|address",
		}},
		{"en-change-my-data", dsr.Rectification, hint, []string{
			"update|change|amend" + mine, "update|change|amend my" + enOwn + "data|information|details|name",
		}},
	}
}

// englishMarketing: art. 21(2) GDPR.
func englishMarketing() []rule {
	return []rule{
		{"en-off-the-list", dsr.ObjectionMarketing, sure, []string{
			"take|remove|delete|get me|us|my .. off|from|of .." + enNews,
			"unsubscribe me|my|us", "i .. want|like|wish .. unsubscribe", "opt me out", "i .. want|like|wish .. opt out",
			". please? unsubscribe .. newsletter|newsletters|mailing|list .",
		}},
		{"en-no-more-mail", dsr.ObjectionMarketing, sure, []string{
			"stop|quit|cease sending .. me", "stop|quit|cease emailing|mailing|spamming|calling|contacting|texting me",
			"i .. not|dont|never|no .. want|wish|receive|longer ..." + enNews, "no more .." + enNews,
			"do? not|dont|never send|email|mail|contact|call me .. anymore|again|offers|marketing",
			"do? not|dont|never send|email|mail me .." + enNews,
		}},
		{"en-object-to-marketing", dsr.ObjectionMarketing, sure, []string{
			"i .. object|objecting ... marketing|advertising", "i .. object|objecting ... me|my|data ... marketing|advertising",
			"not|dont use ... my ... for .. marketing|advertising",
			"my .. data|details|information|email .. for .. marketing|advertising ... stop|object",
		}},
		{"en-bare-unsubscribe", dsr.ObjectionMarketing, likely, []string{". please? unsubscribe|optout please? ."}},
	}
}
