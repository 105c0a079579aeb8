package io.claviger.web.sharing;

import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.server.CurrentState;
import java.time.Instant;
import java.util.Optional;

/** A share of a definition as the API shows it. It has only a role, without limits. */
public record DefinitionShareJson(
    Optional<String> user,
    String grantee,
    String role,
    Optional<String> givenBy,
    long version,
    Instant createdAt) {

  public static DefinitionShareJson of(Share share) {
    return new DefinitionShareJson(
        share.grantee().user().map(Handle::value),
        share.grantee().name().toString(),
        share.terms().role().wireName(),
        share.givenBy().map(Handle::value),
        share.version(),
        share.createdAt());
  }

  /**
   * Returns the present state of a share, with which a write is compared.
   *
   * @param found the share, if the caller can see it
   */
  public static CurrentState current(Outcome<Share> found, GranteeName grantee) {
    return switch (found) {
      case Outcome.Done<Share> done -> CurrentState.of(of(done.value()), done.value().version());
      case Outcome.Refused<Share> refused -> CurrentState.nothing(GranteeFields.of(grantee));
    };
  }
}
