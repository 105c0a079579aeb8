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
 * The data with which the token of a service is minted, as a call has read them.
 *
 * @param stored the sealed secret; for {@link CredentialKind#isConfirmed kinds that store none},
 *     the owner's sealed confirmation, which this node must be able to open too
 * @param storedAt when the secret or confirmation was stored; reencryption does not change this
 *     time
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
   * Whether a token that was minted with these data may also be sent by calls that have read the
   * other data.
   */
  boolean sharesTokenWith(CredentialUse other) {
    return storedAt.equals(other.storedAt)
        && owner.equals(other.owner)
        && systemLevel == other.systemLevel
        && binding.equals(other.binding);
  }

  /** Returns the service to which the token belongs. */
  public Instance.Id instance() {
    return new Instance.Id(binding.service());
  }

  /**
   * Whether calls to the service in its present state would still be sent with a token that was
   * minted with these data.
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
