package io.claviger.application.identity;

import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.domain.identity.GroupsClaim;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
    Optional<Instant> provenAt) {

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
    return new APerson(subject, Optional.of(other), email, groups, session, offline, provenAt);
  }

  APerson withoutHandle() {
    return new APerson(subject, Optional.empty(), email, groups, session, offline, provenAt);
  }

  APerson email(String address) {
    return new APerson(subject, handle, Optional.of(address), groups, session, offline, provenAt);
  }

  APerson in(String... values) {
    return in(GroupsClaim.of(List.of(values)));
  }

  APerson in(GroupsClaim claim) {
    return new APerson(subject, handle, email, claim, session, offline, provenAt);
  }

  APerson inSession(String sid) {
    return new APerson(subject, handle, email, groups, Optional.of(sid), offline, provenAt);
  }

  /** With a refresh token that ends with the provider's session. */
  APerson online() {
    return new APerson(subject, handle, email, groups, session, Optional.of(false), provenAt);
  }

  /** Who has proven at the given time who they are. */
  APerson provenAt(Instant time) {
    return new APerson(subject, handle, email, groups, session, offline, Optional.of(time));
  }

  Identity identity() {
    return new Identity(SignInWorld.ISSUER, new Subject(subject));
  }

  ProvidedIdentity provided() {
    return new ProvidedIdentity(
        identity(),
        handle,
        Optional.empty(),
        email,
        groups,
        session,
        offline.map(
            lasting ->
                new ProvidedIdentity.Grant(
                    Secret.takingOver(("refresh " + subject).getBytes(StandardCharsets.UTF_8)),
                    lasting)),
        Optional.empty(),
        provenAt);
  }
}
