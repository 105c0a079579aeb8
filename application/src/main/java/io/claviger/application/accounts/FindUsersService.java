package io.claviger.application.accounts;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;

final class FindUsersService implements FindUsers {
  private final UserStore users;

  FindUsersService(UserStore users) {
    this.users = users;
  }

  @Override
  public Outcome find(Actor actor, Handle user) {
    try {
      actor.demandManage();
      return new Outcome.Found(UserAccess.visible(actor, user, users::find));
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  @Override
  public User me(Actor actor) {
    return users.find(actor.handle()).orElseThrow();
  }

  @Override
  public ListOutcome list(Actor actor, PageRequest<Handle> page) {
    if (!actor.administrator() || !actor.mayManage()) {
      return new ListOutcome.Refused(new Refusal.Forbidden("Only administrators list users."));
    }
    return new ListOutcome.Listed(
        Page.of(users.list(page.after(), page.limit() + 1), page.limit(), User::handle));
  }
}
