package io.claviger.domain.instances;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import java.util.Optional;

/**
 * The credential settings with which a service's first owner gave the service away. With these
 * settings, the provider gives access to the first owner's account.
 *
 * @param settings the settings of a federation; no settings if the service had another kind of
 *     credential
 * @param firstOwner empty if it is not known who gave the service away
 * @param leftTo the later owner whom the first owner lets use the account; empty if there is none
 */
public record GivenCredential(
    CredentialSettings settings, Optional<User.Id> firstOwner, Optional<User.Id> leftTo) {
  /**
   * Whether the first owner lets the given owner use the account with these settings. The first
   * owner confirms exact settings. Other settings are the later owner's own, and their statements
   * must not have the subject that the first owner's provider trusts. Otherwise, a later owner's
   * provider would trust this subject too, and the first owner could use that account after getting
   * the service back.
   */
  public boolean isLeftTo(User.Id owner, CredentialSettings present) {
    return leftTo.equals(Optional.of(owner)) && settings.equals(present);
  }

  /**
   * Returns the user for whom the stored confirmation of these settings was sealed. As long as the
   * service has the first owner's settings, the confirmation is the first owner's, or that of the
   * owner whom the first owner lets use the account. No other owner can confirm these settings. If
   * the first owner is unknown, or if the settings are others, the result is empty. A confirmation
   * of other settings is the present owner's.
   */
  public Optional<User.Id> confirmer(CredentialSettings present) {
    return settings.equals(present) ? leftTo.or(() -> firstOwner) : Optional.empty();
  }

  /**
   * Whether the given owner may not confirm these settings, because the provider gives access to
   * the first owner's account.
   */
  public boolean isKeptFrom(User.Id owner, CredentialSettings present) {
    return present.kind() == CredentialKind.FEDERATED
        && present.usesFederatedAccountOf(settings)
        && !isLeftTo(owner, present);
  }
}
