package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;

final class FindTokensService implements FindTokens {
  private final UserStore users;
  private final AccessTokenStore tokens;

  FindTokensService(UserStore users, AccessTokenStore tokens) {
    this.users = users;
    this.tokens = tokens;
  }

  @Override
  public Outcome list(Actor actor, Handle handle, PageRequest<TimeCursor> page) {
    try {
      actor.demandManage();
      User user = UserAccess.visible(actor, handle, users::find);
      return new Outcome.Listed(
          Page.of(
              tokens.listOf(user.id(), page.after(), page.limit() + 1),
              page.limit(),
              t -> new TimeCursor(t.createdAt(), t.id().value())));
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }
}
