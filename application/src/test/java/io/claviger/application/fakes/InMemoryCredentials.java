package io.claviger.application.fakes;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.identity.port.IdentityStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.scim.ScimToken;
import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@link CredentialStore} in memory. */
public final class InMemoryCredentials implements CredentialStore {
  private final InMemoryPorts ports;

  InMemoryCredentials(InMemoryPorts ports) {
    this.ports = ports;
  }

  @Override
  public EndedCredentials endAll(User.Id user, Instant now) {
    int pending = ports.signIns().deleteOf(user, ports.sessions());
    int sessions = ports.sessions().deleteAll(user);
    int tokens = ports.accessTokens().deleteAll(user);
    Optional<LinkedIdentity> own =
        ports.identities().findOf(user).map(IdentityStore.StoredIdentity::identity);
    own.ifPresent(
        identity -> {
          List<String> unused =
              ports
                  .syncedGroups()
                  .replaceMemberships(user, identity.identity().issuer(), List.of(), now);
          boolean deleted = ports.identities().delete(user);
        });
    boolean administered = own.filter(LinkedIdentity::administersByGroup).isPresent();
    if (administered) {
      User before = ports.transactions().read(t -> t.users.get(user));
      ports.users().update(before.withAdministrator(false, now));
    }
    ports.identities().setSignInDue(user, Optional.empty());
    return new EndedCredentials(
        tokens,
        sessions,
        own.map(identity -> identity.identity().issuer().value()),
        administered,
        ports.deviceCodes().deleteOf(user),
        ports.signInLinks().deleteOf(user),
        pending,
        ports.webhooks().deleteOf(user),
        0,
        ports.approvals().lapseOf(user, RECOVERED, now).stream()
            .map(each -> new EndedCredentials.LapsedChange(each.id(), each.ref(), each.owner()))
            .toList(),
        ports.approvals().withdrawConsentsOf(user));
  }

  @Override
  public EndedCredentials endForSuspension(User.Id user) {
    int pending = ports.signIns().deleteOf(user, ports.sessions());
    return new EndedCredentials(
        ports.accessTokens().deleteRefreshable(user),
        ports.sessions().deleteAll(user),
        Optional.empty(),
        false,
        ports.deviceCodes().deleteOf(user),
        ports.signInLinks().deleteOf(user),
        pending,
        false,
        0,
        List.of(),
        0);
  }

  @Override
  public boolean everHadAny(User.Id user) {
    return ports.accessTokens().everHadAny(user);
  }

  @Override
  public boolean hold(
      User.Id user,
      boolean administrator,
      Optional<AccessToken.Id> token,
      Optional<Session.Id> session) {
    return isActive(user, administrator)
        && token.map(id -> ports.accessTokens().hold(user, id)).orElse(true)
        && session.map(id -> ports.sessions().isOf(id, user)).orElse(true);
  }

  @Override
  public boolean holdProgram(AccessToken.Id token) {
    return ports.scimTokens().find(new ScimToken.Id(token.value())).isPresent();
  }

  private boolean isActive(User.Id id, boolean administrator) {
    return id.equals(User.Id.SYSTEM)
        || Optional.ofNullable(ports.transactions().read(t -> t.users.get(id)))
            .filter(user -> !user.suspended() && (user.administrator() || !administrator))
            .isPresent();
  }
}
