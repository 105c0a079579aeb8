package io.claviger.application.sessions;

import io.claviger.application.shared.Actor;
import io.claviger.domain.sessions.Session;

/**
 * A user who acts through a session.
 *
 * @param actor the actor, whose rights are limited by the access token with which the session
 *     began, if any
 * @param pageToken the token that each form sends in a masked form, as proof that the form came
 *     from a page of this session; each session has a different token
 */
public record SessionActor(Session session, Actor actor, String pageToken) {
  public Session.Id id() {
    return session.id();
  }
}
