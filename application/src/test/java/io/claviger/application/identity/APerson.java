package io.claviger.application.identity;

import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A person as the identity provider describes them: with an offline token, without groups, and
 * without the time of a proof, unless said otherwise.
 */
record APerson(
    String subject,
    Optional<String> handle,
    Optional<String> email,
    GroupsClaim groups,
    Optional<String> session,
    Optional<Boolean> offline,
    Optional<Duration> sinceProof) {

  /** A person whose subject is made from the handle. */
  static APerson called(String handle) {
    return new APerson(
        "subject-" + handle,
        Optional.of(handle),
        Optional.empty(),
        new GroupsClaim.Absent(),
        Optional.empty(),
        Optional.of(true),
        Optional.empty());
  }

  APerson nowCalled(String other) {
    return new APerson(subject, Optional.of(other), email, groups, session, offline, sinceProof);
  }

  APerson withoutHandle() {
    return new APerson(subject, Optional.empty(), email, groups, session, offline, sinceProof);
  }

  APerson email(String address) {
    return new APerson(subject, handle, Optional.of(address), groups, session, offline, sinceProof);
  }

  APerson in(String... values) {
    return in(GroupsClaim.of(List.of(values)));
  }

  APerson in(GroupsClaim claim) {
    return new APerson(subject, handle, email, claim, session, offline, sinceProof);
  }

  APerson inSession(String sid) {
    return new APerson(subject, handle, email, groups, Optional.of(sid), offline, sinceProof);
  }

  /** With a refresh token that ends with the provider's session. */
  APerson online() {
    return new APerson(subject, handle, email, groups, session, Optional.of(false), sinceProof);
  }

  /** Who has proven so long ago who they are. */
  APerson proven(Duration since) {
    return new APerson(subject, handle, email, groups, session, offline, Optional.of(since));
  }

  Identity identity() {
    return new Identity(SignInWorld.ISSUER, new Subject(subject));
  }

  ProvidedIdentity provided() {
    return provided(
        offline.map(
            lasting ->
                new ProvidedIdentity.Grant(
                    Secret.takingOver(("refresh " + subject).getBytes(StandardCharsets.UTF_8)),
                    lasting)));
  }

  ProvidedIdentity provided(ProvidedIdentity.Grant grant) {
    return provided(Optional.of(grant));
  }

  private ProvidedIdentity provided(Optional<ProvidedIdentity.Grant> grant) {
    return new ProvidedIdentity(
        identity(),
        handle,
        Optional.empty(),
        email,
        groups,
        session,
        grant,
        Optional.empty(),
        sinceProof);
  }
}
