package io.claviger.application.fakes;

import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * {@link ClientSecretStore} in memory. It does not notice that a token or service is deleted, or
 * that a token gets a new text.
 */
public final class InMemoryClientSecrets implements ClientSecretStore {
  private record Kept(NewSecret secret, Instant expires) {}

  private final Map<TokenHash, Kept> kept = new HashMap<>();
  private final InstantSource clock;
  private final Function<User.Id, UUID> holders;
  private Optional<Why> refusing = Optional.empty();

  /** Makes a store in which no service accounts exist. */
  public InMemoryClientSecrets(InstantSource clock) {
    this(clock, User.Id::value);
  }

  /**
   * @param holders returns as whom a user counts
   */
  InMemoryClientSecrets(InstantSource clock, Function<User.Id, UUID> holders) {
    this.clock = clock;
    this.holders = holders;
  }

  /** Refuses all new secrets for this reason, or for no reason from now on. */
  public synchronized void refuse(Optional<Why> why) {
    refusing = why;
  }

  @Override
  public synchronized Keeping keep(NewSecret secret, Duration valid) {
    if (refusing.isPresent()) {
      return new Keeping.Refused(refusing.get());
    }
    int unused = removeOld();
    long own =
        kept.values().stream().filter(each -> holder(each.secret()).equals(holder(secret))).count();
    if (own >= MOST_OF_USER || kept.size() >= MOST) {
      return new Keeping.Refused(Why.TOO_MANY);
    }
    Instant expires = clock.instant().plus(valid);
    kept.put(secret.secret(), new Kept(secret, expires));
    return new Keeping.Kept(expires);
  }

  private UUID holder(NewSecret secret) {
    return holders.apply(secret.account().user());
  }

  private Optional<NewSecret> valid(TokenHash secret) {
    return Optional.ofNullable(kept.get(secret))
        .filter(found -> clock.instant().isBefore(found.expires()))
        .map(Kept::secret);
  }

  @Override
  public synchronized Optional<KeptSecret> find(TokenHash secret) {
    return valid(secret)
        .map(found -> new KeptSecret(found.token(), found.account().instance(), found.session()));
  }

  @Override
  public synchronized boolean take(TokenHash secret, UsageAccount account) {
    boolean taken = valid(secret).filter(found -> isOf(found.account(), account)).isPresent();
    if (taken) {
      kept.remove(secret);
    }
    return taken;
  }

  private static boolean isOf(UsageAccount made, UsageAccount used) {
    return made.user().equals(used.user())
        && made.instance().equals(used.instance())
        && made.project()
            .map(UsageAccount.ThroughProject::id)
            .equals(used.project().map(UsageAccount.ThroughProject::id));
  }

  @Override
  public synchronized int removeOld() {
    int before = kept.size();
    kept.values().removeIf(each -> !clock.instant().isBefore(each.expires()));
    return before - kept.size();
  }
}
