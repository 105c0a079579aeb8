package io.claviger.application.sessions;

import io.claviger.application.shared.Actor;
import io.claviger.domain.sessions.Session;

/**
 * The user who acts through a session.
 *
 * @param actor the user; if the session began with an access token, the actor's rights are limited
 *     by that token
 * @param pageToken a token in forms, which proves that a form came from a page of this session;
 *     each session has a different token
 */
public record SessionActor(Session session, Actor actor, String pageToken) {
  public Session.Id id() {
    return session.id();
  }
}
