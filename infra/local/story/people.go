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
	who  string // of the staff, by id, or one of those below
	what string
	do   func(ctx context.Context) error
}

// Who acts beside the staff: the data subject, and time itself.
const (
	client = "client"
	nobody = "clock"
)

// waiting is a scene in which nobody has to do anything: something is under way,
// or waits for the lease of an attempt that was killed.
func waiting(until string) scene {
	return scene{nobody, "goes on: " + until, func(context.Context) error { return nil }}
}

// errStuck is returned when nobody knows what to do next.
var errStuck = errors.New("nobody knows what to do next")

// next gives what has to be done to a case now. It is read off the case and not
// remembered, so that a demonstration that was killed goes on where it was.
func (p *people) next(ctx context.Context, c dsr.Case) (scene, error) {
	files, err := p.Teller.stack.Store().EnclosuresOf(ctx, c.ID)
	if err != nil {
		return scene{}, err
	}
	handler, approver := p.handler(), p.approver(c)
	w := c.Work
	switch {
	case c.State == dsr.Answering && !packed(files):
		return waiting("the package is made"), nil
	case c.State == dsr.Answering || c.State == dsr.Closed:
		return scene{client, "collects the answer and its files with a one-time code", p.collect(c)}, nil
	case c.State == dsr.InReview:
		return scene{approver.ID, "approves, with a link and a code of their own", p.approve(c, approver)}, nil
	case !w.RightsConfirmed:
		return scene{handler.ID, "confirms what is asked", p.confirmRights(c, handler)}, nil
	case w.Match == "":
		return scene{handler.ID, "looks up who this is", p.match(c, handler)}, nil
	case !w.Confirmed:
		return scene{client, "confirms: this request is mine", p.confirmMailbox(c)}, nil
	case w.Identity == "":
		return p.copyScene(c, handler, files), nil
	}
	return p.working(ctx, c, handler, files)
}

// packed reports whether the package of the answer is there.
func packed(files []dsr.Enclosure) bool {
	return slices.ContainsFunc(files, func(one dsr.Enclosure) bool {
		return one.Ref.Kind == dsr.PackageFile && one.State == dsr.Kept
	})
}

// working gives what has to be done once it is certain who this is.
func (p *people) working(ctx context.Context, c dsr.Case, handler organisation.Staff, files []dsr.Enclosure) (scene, error) {
	tasks, err := p.Teller.stack.Store().ReadTasks(ctx, c.ID)
	if err != nil {
		return scene{}, err
	}
	for _, right := range c.Rights {
		for _, system := range p.Teller.stack.Profile().DataMap.Systems {
			done := slices.ContainsFunc(tasks, func(t dsr.Task) bool { return t.System == system.ID && t.Right == right })
			if !done {
				return scene{handler.ID, "looks into " + system.ID, p.lookInto(c, handler, system.ID, right)}, nil
			}
		}
	}
	if next, found := p.fileScene(c, handler, files); found {
		return next, nil
	}
	for _, right := range c.Rights {
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
