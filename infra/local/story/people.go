package story

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"polarweb.nl/inzage/internal/dsr"
	"polarweb.nl/inzage/internal/organisation"
)

// people are those who act in the demonstration.
type people struct {
	*Teller
	*Cast
}

// scene is one thing that somebody does.
type scene struct {
	who  string // of the staff, by id; empty for the customer
	what string
	do   func(ctx context.Context) error
}

// errStuck is returned when nobody knows what to do next.
var errStuck = errors.New("nobody knows what to do next")

// next gives what has to be done to a case now. It is read off the case and not
// remembered, so that a demonstration that was killed goes on where it was.
func (p *people) next(ctx context.Context, c dsr.Case) (scene, error) {
	tasks, err := p.Teller.stack.Store().ReadTasks(ctx, c.ID)
	if err != nil {
		return scene{}, err
	}
	handler, approver := p.handler(), p.approver(c)
	w := c.Work
	switch {
	case c.State == dsr.Answering || c.State == dsr.Closed:
		return scene{"", "collects the answer with a one-time code", p.collect(c)}, nil
	case c.State == dsr.InReview:
		return scene{approver.ID, "approves, with a link and a code of their own", p.approve(c, approver)}, nil
	case !w.RightsConfirmed:
		return scene{handler.ID, "confirms what is asked", p.confirmRights(c, handler)}, nil
	case w.Match == "":
		return scene{handler.ID, "looks up who this is", p.match(c, handler)}, nil
	case !w.Confirmed:
		return scene{"", "confirms: this request is mine", p.confirmMailbox(c)}, nil
	case w.Identity == "":
		return scene{handler.ID, "judges the identity by two facts on file", p.judge(c, handler)}, nil
	}
	for _, right := range c.Rights {
		for _, system := range p.Teller.stack.Profile().DataMap.Systems {
			done := slices.ContainsFunc(tasks, func(t dsr.Task) bool { return t.System == system.ID && t.Right == right })
			if !done {
				return scene{handler.ID, "looks into " + system.ID, p.lookInto(c, handler, system.ID, right)}, nil
			}
		}
		if _, decided := c.Decision(right); !decided {
			return scene{handler.ID, "decides about " + string(right), p.decide(c, handler, right)}, nil
		}
	}
	if c.State == dsr.Working {
		return scene{handler.ID, "reads the exact answer and submits it", p.submit(c, handler)}, nil
	}
	return scene{}, fmt.Errorf("%w: the case is %s", errStuck, c.State)
}

// handler gives who works on the case: the first handler of the file.
func (p *people) handler() organisation.Staff {
	return p.first(func(m organisation.Staff) bool { return m.Has(organisation.RoleHandler) })
}

// approver gives who approves: the first who may and did not draft.
func (p *people) approver(c dsr.Case) organisation.Staff {
	return p.first(func(m organisation.Staff) bool { return m.MayApprove() && dsr.ActorID(m.ActorID()) != c.Work.Drafter })
}

// first gives the first active member of staff who is wanted.
func (p *people) first(wanted func(organisation.Staff) bool) organisation.Staff {
	for _, member := range p.Teller.stack.Profile().Staff {
		if member.Active && wanted(member) {
			return member
		}
	}
	return organisation.Staff{}
}
