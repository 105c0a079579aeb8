package io.claviger.application.accounts;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.application.accounts.out.Users;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimePosition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;

final class FindTokensService implements FindTokens {
  private final Users users;
  private final AccessTokens tokens;

  FindTokensService(Users users, AccessTokens tokens) {
    this.users = users;
    this.tokens = tokens;
  }

  @Override
  public Outcome list(Actor actor, Handle handle, PageRequest<TimePosition> page) {
    try {
      actor.demandManage();
      User user = UserAccess.visible(actor, handle, users::find);
      return new Outcome.Listed(
          Page.of(
              tokens.of(user.id(), page.after(), page.limit() + 1),
              page.limit(),
              t -> new TimePosition(t.createdAt(), t.id().value())));
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }
}
