package io.claviger.application.sessions;

import io.claviger.application.shared.Actor;
import io.claviger.domain.sessions.Session;

/**
 * The user who acts through a session.
 *
 * @param actor acts with the access token that the user signed in with, if they did, and thus
 *     within its bounds; otherwise without a token
 * @param pageToken proves that a form came from a page of this session; it changes with the session
 */
public record SessionActor(Session session, Actor actor, String pageToken) {
  public Session.Id id() {
    return session.id();
  }
}
