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
 * From what the token of a service is minted, as a call found it.
 *
 * @param stored the sealed secret; for {@link CredentialKind#isConfirmed kinds that store none},
 *     the sealed confirmation of the owner, which has to open as well
 * @param storedAt when that was stored; reencryption does not change it
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

  /** Whether a token that was minted for the one may be sent for the other. */
  boolean sharesTokenWith(CredentialUse other) {
    return storedAt.equals(other.storedAt)
        && owner.equals(other.owner)
        && systemLevel == other.systemLevel
        && binding.equals(other.binding);
  }

  /** The service whose token it is. */
  public Instance.Id instance() {
    return new Instance.Id(binding.service());
  }

  /**
   * Whether calls to the service would still be sent with a token that was minted for this.
   *
   * @param setAt when its secret or confirmation was stored
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
