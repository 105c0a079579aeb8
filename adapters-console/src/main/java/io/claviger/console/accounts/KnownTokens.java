package io.claviger.console.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.page.Area;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.web.problems.Problems;
import java.util.List;
import java.util.Optional;

/**
 * The service accounts for which a person is responsible, either directly or as the manager of a
 * group. The person might know the access tokens of these accounts. A suspension, recovery or
 * deletion of the person does not end these tokens.
 *
 * @param person the person's handle
 * @param accounts the handles of the first service accounts
 * @param more whether the person is responsible for more service accounts than those in {@code
 *     accounts}
 */
public record KnownTokens(String person, List<String> accounts, boolean more) {
  private static final int FIRST = 50;

  public KnownTokens {
    accounts = List.copyOf(accounts);
  }

  /**
   * Reads the service accounts for which a person is responsible. Returns none if the viewer is not
   * an administrator.
   */
  public static KnownTokens of(Users users, Actor actor, User person) {
    if (!actor.administrator() || person.isServiceAccount()) {
      return new KnownTokens(person.handle().value(), List.of(), false);
    }
    Page<ServiceAccount, Handle> page =
        Problems.valueOf(
            users.listServiceAccounts(
                actor, person.handle(), new PageRequest<>(Optional.empty(), FIRST)));
    return new KnownTokens(
        person.handle().value(),
        page.items().stream().map(one -> one.account().handle().value()).toList(),
        page.next().isPresent());
  }

  public String tokensOf(String account) {
    return Area.PEOPLE.path(account) + "/access";
  }
}
