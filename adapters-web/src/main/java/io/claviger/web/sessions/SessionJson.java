package io.claviger.web.sessions;

import io.claviger.domain.sessions.Session;
import java.time.Instant;
import java.util.UUID;

/** A session as the API shows it, without the secret that the browser keeps. */
record SessionJson(
    UUID id,
    String method,
    String address,
    String userAgent,
    Instant signedInAt,
    Instant seenAt,
    Instant endsAt) {

  static SessionJson of(Session session) {
    return new SessionJson(
        session.id().value(),
        session.method().wireName(),
        session.address(),
        session.userAgent(),
        session.signedInAt(),
        session.seenAt(),
        session.endsAt());
  }
}
