package io.claviger.application.definitions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionRef;
import java.util.List;
import java.util.Optional;

final class FindDefinitionsService implements FindDefinitions {
  private final DefinitionStore definitions;
  private final UserStore users;

  FindDefinitionsService(DefinitionStore definitions, UserStore users) {
    this.definitions = definitions;
    this.users = users;
  }

  @Override
  public Outcome find(Actor actor, DefinitionRef ref) {
    try {
      actor.demandManage();
      return definitions
          .find(ref, actor.id())
          .filter(seen -> seen.isVisibleTo(actor))
          .map(DefinitionStore.Seen::definition)
          .<Outcome>map(Outcome.Found::new)
          .orElseThrow(RefusedException::notFound);
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  @Override
  public ListOutcome list(Actor actor, Filter filter, PageRequest<DefinitionRef> page) {
    return listed(actor, filter, page);
  }

  @Override
  public ListOutcome ofOwner(Actor actor, Handle owner, PageRequest<DefinitionRef> page) {
    boolean known = actor.handle().equals(owner) || owner.isSystem();
    if (actor.administrator() && !known) {
      known = users.find(owner).isPresent();
    }
    Filter filter = new Filter(Optional.empty(), Optional.empty(), Optional.of(owner));
    ListOutcome outcome = listed(actor, filter, page);
    // Another's collection shows what of it the caller can see; with nothing to see it is not
    // there.
    boolean nothing =
        outcome instanceof ListOutcome.Listed some
            && some.page().items().isEmpty()
            && page.after().isEmpty();
    return nothing && !known
        ? new ListOutcome.Refused(RefusedException.notFound().refusal())
        : outcome;
  }

  private ListOutcome listed(Actor actor, Filter filter, PageRequest<DefinitionRef> page) {
    try {
      actor.demandManage();
      List<Definition> found =
          definitions.visibleTo(
              actor.id(), actor.administrator(), filter, page.after(), page.limit() + 1);
      return new ListOutcome.Listed(Page.of(found, page.limit(), Definition::ref));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }
}
