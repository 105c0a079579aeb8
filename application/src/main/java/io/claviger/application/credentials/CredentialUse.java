package io.claviger.application.credentials;

import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The data from which a service's token is minted, as a call has read them.
 *
 * @param stored the sealed secret, which this node must be able to open. Credentials without a
 *     secret ({@link CredentialKind#isConfirmed}) have the owner's sealed confirmation instead
 * @param storedAt the time at which the secret or confirmation was stored; a reencryption does not
 *     change that time
 * @param systemLevel whether the service may reach private addresses
 */
public record CredentialUse(
    CredentialBinding binding,
    User.Id owner,
    Optional<Bound> stored,
    Optional<Instant> storedAt,
    boolean systemLevel) {
  UUID service() {
    return binding.service();
  }

  CredentialKind kind() {
    return binding.settings().kind();
  }

  /**
   * Whether a call that has read the other data may send a token that was minted from this object's
   * data.
   */
  boolean sharesTokenWith(CredentialUse other) {
    return storedAt.equals(other.storedAt)
        && owner.equals(other.owner)
        && systemLevel == other.systemLevel
        && binding.equals(other.binding);
  }

  /** Returns the service of the token. */
  public Instance.Id instance() {
    return new Instance.Id(binding.service());
  }

  /**
   * Whether calls to the service in its current state may still send a token that was minted from
   * these data.
   *
   * @param setAt when the service's secret or confirmation was stored
   */
  public boolean isStillOf(KeyedInstance now, Optional<Instant> setAt) {
    return now.enabled()
        && now.keyPolicy().centralKey()
        && storedAt.equals(setAt)
        && owner.equals(now.owner())
        && systemLevel == now.isSystemLevel()
        && binding.equals(now.credentialBinding());
  }
}
