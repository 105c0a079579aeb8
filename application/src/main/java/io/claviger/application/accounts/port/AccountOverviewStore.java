package io.claviger.application.accounts.port;

import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lists all accounts with the facts that auditors need. */
@FunctionalInterface
public interface AccountOverviewStore {
  /**
   * Selects the accounts to list. An empty part does not restrict the list.
   *
   * @param text a part of the handle, display name or e-mail address
   */
  record AccountFilter(
      Optional<SearchText> text, Optional<Boolean> administrator, Optional<UserKind> kind) {
    /** Whether the filter has a condition other than the text. */
    public boolean isNarrow() {
      return administrator.isPresent() || kind.isPresent();
    }
  }

  /**
   * An account.
   *
   * @param administratorSince when the user became an administrator; empty if the user is not an
   *     administrator or the time is unknown
   * @param lastUsedAt when a token of the user was last used. If no use of a token is recorded, the
   *     day of the user's last call; empty if there is no call either
   * @param trusts the service account's trusts, sorted by name
   */
  record ListedAccount(
      User user,
      Optional<Instant> administratorSince,
      Optional<Instant> lastUsedAt,
      List<TrustUse> trusts) {
    public ListedAccount {
      trusts = List.copyOf(trusts);
    }
  }

  /**
   * A trust.
   *
   * @param issuer the name of the trusted issuer
   * @param lastUsedAt when a JWT was last exchanged under this trust, to the minute
   */
  record TrustUse(Handle name, Handle issuer, Optional<Instant> lastUsedAt) {}

  /** Lists the accounts of all users except {@code _system}, in the order of their handles. */
  List<ListedAccount> list(AccountFilter filter, Optional<Handle> after, int limit);
}
