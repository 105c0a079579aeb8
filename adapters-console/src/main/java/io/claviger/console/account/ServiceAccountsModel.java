package io.claviger.console.account;

import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The service accounts for which the viewer is responsible.
 *
 * @param next the address of the page with more of them; null if there are none
 */
public record ServiceAccountsModel(List<Line> accounts, @Nullable String next) {
  public ServiceAccountsModel {
    accounts = List.copyOf(accounts);
  }

  /**
   * A service account.
   *
   * @param group the group whose managers are responsible, with its {@code @}; null if it is the
   *     viewer in person
   * @param liveTokens how many access tokens have not expired
   * @param oldestToken the age of the oldest of these in words; null if there are none
   * @param oldestTokenAt when it was made (ISO 8601, as the other)
   * @param lastUsedAt when one of these was last used; null if none was
   */
  public record Line(
      String handle,
      String displayName,
      @Nullable String group,
      boolean suspended,
      int liveTokens,
      @Nullable String oldestToken,
      @Nullable String oldestTokenAt,
      @Nullable String lastUsedAt) {

    static Line of(ServiceAccount one, Instant now) {
      User account = one.account();
      return new Line(
          account.handle().value(),
          account.displayName().value(),
          account
              .responsible()
              .filter(Responsible.GroupManagers.class::isInstance)
              .map(Responsible::name)
              .orElse(null),
          account.suspended(),
          one.liveTokens(),
          one.oldestTokenAt().map(at -> age(Duration.between(at, now))).orElse(null),
          one.oldestTokenAt().map(Instant::toString).orElse(null),
          one.lastUsedAt().map(Instant::toString).orElse(null));
    }

    public String path() {
      return "/console/people/" + handle;
    }

    private static String age(Duration age) {
      long days = age.toDays();
      if (days < 1) {
        return "less than a day";
      }
      return days == 1 ? "1 day" : "%,d days".formatted(days);
    }
  }
}
