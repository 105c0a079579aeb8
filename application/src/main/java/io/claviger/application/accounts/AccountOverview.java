package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccountOverviewStore;
import io.claviger.application.accounts.port.AccountOverviewStore.AccountFilter;
import io.claviger.application.accounts.port.AccountOverviewStore.ListedAccount;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.Handle;

/**
 * Lists all accounts. For each account, the list states the user, whether and since when the user
 * is an administrator, and when the account was last used.
 */
public interface AccountOverview {
  static AccountOverview of(AccountOverviewStore store) {
    return (actor, filter, page) ->
        Outcome.of(
            () -> {
              if (!actor.administrator() || !actor.mayManage()) {
                throw RefusedException.forbidden("Only administrators list users.");
              }
              return Page.of(
                  store.list(filter, page.after(), page.limit() + 1),
                  page.limit(),
                  account -> account.user().handle());
            });
  }

  /** Lists accounts in the order of their handles. Only administrators may read this list. */
  Outcome<Page<ListedAccount, Handle>> list(
      Actor actor, AccountFilter filter, PageRequest<Handle> page);
}
